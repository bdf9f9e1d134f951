"""Medicines that exist, by their international names: so that one the library has no sheet for is said to be missing
rather than unknown, and is found by its class where a statement names the class.

These are names and class words for matching questions, nothing more: no statement is made from them.
"""

from __future__ import annotations

from functools import cache

_BY_CLASS = {
    "proton pump inhibitor": "omeprazole esomeprazole lansoprazole pantoprazole rabeprazole losec",
    "H2 blocker": "famotidine ranitidine cimetidine nizatidine",
    "penicillin": "amoxicillin penicillin flucloxacillin ampicillin piperacillin phenoxymethylpenicillin",
    "cephalosporin": "cefalexin cephalexin cefuroxime ceftriaxone cefazolin cefotaxime ceftazidime",
    "macrolide": "clarithromycin erythromycin azithromycin",
    "fluoroquinolone": "ciprofloxacin levofloxacin moxifloxacin ofloxacin norfloxacin",
    "antibiotic": "doxycycline minocycline clindamycin vancomycin gentamicin linezolid nitrofurantoin trimethoprim "
    "meropenem fosfomycin rifampicin rifampin isoniazid",
    "azole antifungal": "fluconazole ketoconazole itraconazole voriconazole posaconazole",
    "antiviral": "aciclovir acyclovir valaciclovir oseltamivir ritonavir tenofovir entecavir",
    "ACE inhibitor": "ramipril lisinopril enalapril perindopril captopril",
    "ARB": "losartan candesartan valsartan irbesartan olmesartan telmisartan",
    "beta-blocker": "bisoprolol metoprolol atenolol propranolol carvedilol nebivolol labetalol",
    "calcium channel blocker": "amlodipine nifedipine verapamil felodipine nimodipine lercanidipine",
    "diuretic": "furosemide lasix bendroflumethiazide hydrochlorothiazide chlortalidone indapamide spironolactone "
    "eplerenone bumetanide amiloride metolazone",
    "antihypertensive": "clonidine doxazosin methyldopa hydralazine guanethidine",
    "antiarrhythmic": "amiodarone flecainide sotalol digoxin propafenone mexiletine quinidine",
    "statin": "atorvastatin simvastatin rosuvastatin pravastatin lovastatin fluvastatin pitavastatin",
    "lipid-lowering drug": "ezetimibe fenofibrate gemfibrozil bezafibrate alirocumab evolocumab",
    "anticoagulant": "apixaban rivaroxaban edoxaban dabigatran heparin enoxaparin dalteparin fondaparinux",
    "antiplatelet": "aspirin clopidogrel ticagrelor prasugrel ticlopidine dipyridamole",
    "antidiabetic drug": "metformin insulin gliclazide glipizide glyburide glimepiride sitagliptin empagliflozin "
    "dapagliflozin liraglutide semaglutide pioglitazone",
    "SSRI": "sertraline fluoxetine citalopram escitalopram paroxetine fluvoxamine",
    "SNRI": "venlafaxine duloxetine desvenlafaxine",
    "tricyclic": "amitriptyline nortriptyline imipramine clomipramine dosulepin",
    "antidepressant": "bupropion mirtazapine trazodone",
    "MAO inhibitor": "phenelzine tranylcypromine moclobemide selegiline rasagiline isocarboxazid",
    "antipsychotic": "haloperidol quetiapine olanzapine risperidone aripiprazole clozapine chlorpromazine",
    "lithium": "lithium",
    "anxiolytic": "buspirone hydroxyzine",
    "benzodiazepine": "lorazepam midazolam triazolam temazepam alprazolam chlordiazepoxide oxazepam nitrazepam valium",
    "hypnotic": "zopiclone zolpidem melatonin",
    "opioid": "tramadol morphine codeine fentanyl buprenorphine methadone hydromorphone pethidine meperidine",
    "NSAID": "diclofenac celecoxib etoricoxib meloxicam indometacin indomethacin ketorolac piroxicam ketoprofen",
    "antiepileptic": "phenytoin carbamazepine valproate lamotrigine topiramate phenobarbital primidone pregabalin "
    "lacosamide oxcarbazepine",
    "immunosuppressant": "sulfasalazine voclosporin belimumab",
    "biologic immunosuppressant": "infliximab adalimumab etanercept tocilizumab anakinra abatacept ustekinumab "
    "secukinumab golimumab certolizumab",
    "JAK inhibitor": "baricitinib upadacitinib ruxolitinib filgotinib",
    "checkpoint inhibitor": "pembrolizumab nivolumab ipilimumab atezolizumab durvalumab avelumab cemiplimab",
    "antimalarial": "chloroquine mefloquine primaquine atovaquone",
    "xanthine oxidase inhibitor": "allopurinol febuxostat",
    "gout drug": "colchicine probenecid",
    "bisphosphonate": "alendronate risedronate zoledronate zoledronic pamidronate ibandronate",
    "bone drug": "denosumab teriparatide",
    "inhaled bronchodilator": "salbutamol albuterol salmeterol formoterol tiotropium ipratropium",
    "steroid": "dexamethasone hydrocortisone budesonide fludrocortisone betamethasone beclometasone triamcinolone",
    "antihistamine": "cetirizine loratadine chlorphenamine diphenhydramine fexofenadine",
    "antiemetic": "ondansetron metoclopramide domperidone cyclizine prochlorperazine",
    "anticholinergic": "oxybutynin solifenacin tolterodine atropine hyoscine glycopyrronium",
    "chemotherapy": "vincristine vinblastine cisplatin carboplatin doxorubicin paclitaxel fluorouracil capecitabine "
    "azacitidine cytarabine hydroxyurea hydroxycarbamide imatinib",
    "thyroid drug": "levothyroxine carbimazole propylthiouracil",
    "neuromuscular drug": "pyridostigmine suxamethonium succinylcholine rocuronium vecuronium atracurium",
    "anaesthetic": "propofol ketamine etomidate lidocaine lignocaine bupivacaine",
    "hormonal contraceptive": "ethinylestradiol levonorgestrel desogestrel",
    "muscle relaxant": "tolperisone thiocolchicoside eperisone",
    "retinoid": "acitretin isotretinoin",
    "vitamin": "colecalciferol cyanocobalamin hydroxocobalamin thiamine",
    "neurological drug": "vigabatrin amifampridine edaravone nusinersen risdiplam efgartigimod eculizumab ravulizumab "
    "fampridine dalfampridine natalizumab ocrelizumab fingolimod tetrabenazine trihexyphenidyl amantadine",
    "other": "deflazacort tetracosactide corticotropin cosyntropin medroxyprogesterone leucovorin mercaptopurine "
    "teriflunomide cycloserine acetazolamide naloxone sildenafil tamsulosin finasteride donepezil memantine riluzole "
    "ivabradine levodopa ropinirole pramipexole adrenaline epinephrine noradrenaline dopamine dobutamine thalidomide",
}


@cache
def other_drugs() -> dict[str, str]:
    """Lower-case name to its class in words."""
    return {name: class_words for class_words, names in _BY_CLASS.items() for name in names.split()}

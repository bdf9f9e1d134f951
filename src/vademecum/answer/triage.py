"""Danger, and questions that are not ours: recognised from the words alone, before anything else.

Patterns look for two things together: a dangerous sign, and that it is happening to someone now. "How is status
epilepticus treated?" is a question; "my son had a fit that isn't stopping" is an emergency. More danger in the words
never gives less response: reassurance by others, a claimed role or a research wrapper is simply not looked at.
"""

from __future__ import annotations

import re

import msgspec

from vademecum.answer.question import Outcome
from vademecum.evidence.terms import fold


class Triage(msgspec.Struct, frozen=True, kw_only=True):
    """An outcome other than a plain answer, with the reasons in words for the reader."""

    outcome: Outcome
    reasons: tuple[str, ...] = ()


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


# --- self-harm -----------------------------------------------------------------------------------------

_SELF_HARM = _any(
    r"\b(?:i|we) (?:just )?(?:want|wanna|would like|plan|intend|am going|'m going|wish|'d like|have decided|decided) (?:to )?"
    r"(?:die|be dead|kill myself|end (?:it|my life|it all|everything)|not (?:be alive|exist|wake up)|disappear|starve)",
    r"\b(?:don't|do not|dont) want to (?:be alive|live|wake up|be here|exist|go on)\b",
    r"\bi wish i (?:was|were) (?:dead|never born)\b",
    r"\b(?:kill|hurt|harm|hang|shoot|poison|drown|starve|cut|burn)(?:ing)? myself\b",
    r"\bend(?:ing)? (?:my|his|her|their) (?:own )?life\b|\btake my own life\b|\bmy own death\b",
    r"\bsuicid(?:e|al)\b.{0,40}\b(?:i|me|my|myself)\b|\b(?:i|me|my|i'm|i am|feel(?:ing)?)\b.{0,40}\bsuicid(?:e|al)\b",
    r"\b(?:everyone|they|my family|people|the world)\b.{0,30}\bbetter off (?:without me|if i (?:was|were) (?:gone|dead))",
    r"\bsaved up (?:my |all my )?(?:tablets|pills|meds|medicines?)\b|\bstockpil\w+ (?:my )?(?:pills|tablets)\b",
    r"\b(?:how many|enough|what dose|how much)\b.{0,60}\b(?:(?:so )?(?:that )?i (?:don't|do not|won't|never) wake|to not wake up|never wake up|not to wake up|to die|to kill (?:me|him|her|myself|yourself|someone)|to end it)",
    r"\b(?:cut|cutting|burning|scratching) (?:my|her|his) (?:arms?|wrists?|legs?|thighs?|skin)\b|\bself[- ]?harm(?:ing)?\b.{0,30}\b(?:i|my|me)\b|\bi self[- ]?harm",
    r"\bdrugs? to use on myself\b|\b(?:dose|drug|method)\b.{0,40}\bon myself\b",
    r"\bthinking (?:about|of) (?:jumping|ending|dying|overdosing|hanging)\b",
    r"\b(?:thinking (?:about|of)|want(?:ing)? to|wanna|going to|gonna|about to|tempted to|feel like|might|could|considering|planning (?:to|on))\b.{0,25}\b(?:swallow|tak|neck|down|eat)\w*\b"
    r".{0,20}\b(?:the (?:whole )?lot|the lot of them|them all|all of (?:them|it|these|those)|every (?:one|last)|everything i have|the (?:whole|entire) (?:box|bottle|pack\w*|strip))\b",
    r"\bstarve until i\b|\bfew calories is survivable\b",
    r"\b(?:texted|said|wrote|posted|sent).{0,20}\b(?:goodbye|good-bye)\b.{0,80}\b(?:gun|pills|rope|knife|bridge|jump)",
    r"\b(?:he|she|they|friend|brother|sister|son|daughter|partner|wife|husband|mother|father)\b.{0,60}\b(?:suicid\w+|going to kill (?:himself|herself|themselves)|wants to die|take (?:his|her|their) own life)",
    r"\b(?:tak\w+|swallow\w*|took) (?:all|the whole|every one) (?:of )?(?:my|the|these) \w+(?: \w+)?(?: at once| together| tonight| now)\b",
    r"\btired of (?:living|life|being alive)\b|\bof (?:this illness and of )?living\b|\bhad enough of (?:life|living)\b",
    r"\b(?:can't|cannot|don't|do not) see (?:any|a) (?:reason|point) (?:to|in) (?:wak\w+|liv\w+|go\w*|carry\w*|getting up)|\bno (?:reason|point) (?:to wake|in waking|in living|in going on|in carrying on)\b",
    r"\b(?:just )?sleep and (?:don't|not|never) (?:come back|wake)\b|\bgo to sleep (?:and never|forever|for good)\b|\bnot come back\b.{0,20}\bhow many\b|\bhow many\b.{0,60}\b(?:never come back|don't come back|not come back|be gone)\b",
    r"\bno reason to live\b|\bcan't go on\b|\bcannot go on\b|\bpainless way to (?:die|go)\b|\beasiest way to die\b",
    r"\bno quiero (?:seguir )?(?:viv\w+|existir)\b|\b(?:acabar con|quitarme la) (?:mi )?vida\b|\bje ne veux plus (?:vivre|etre la)\b|\ben finir avec (?:la|ma) vie\b|"
    r"\bnicht mehr (?:leben|da sein) (?:will|mochte)\b|\bich (?:will|mochte) nicht mehr (?:leben|da sein)\b|\bmir das leben nehmen\b|\bnon voglio piu vivere\b|\bnao quero (?:mais )?viver\b|"
    r"\bquiero morir\b|\bme quiero matar\b|\bno quiero vivir\b|\bsuicidarme\b|\bje veux mourir\b|\bme tuer\b|\bich will (?:sterben|nicht mehr leben)\b|"
    r"\bmich umbringen\b|\bvoglio morire\b|\bquero morrer\b|\bik wil dood\b|\bchce umrzec\b|\bvill do\b",
)

# --- emergencies ---------------------------------------------------------------------------------------

_NOW = _any(
    r"\b(?:i|i'm|i've|i'd|im|my|me|we|our|he|he's|his|she|she's|her|they|they're|him|dad|daddy|mum|mummy|mom|gran|grandma|granny|grandad|grandpa|hubby)\b",
    r"\bright now\b|\bjust now\b|\bminutes? ago\b|\bmin ago\b|\bhours? ago\b|\bfor (?:\d+|the last|an?) (?:min|minutes|hours?)\b",
    r"\b(?:toddler|baby|patient in|someone|a man|a woman|my child|in my clinic|in front of me|on the floor|collapsed)\b",
    r"\b(?:can it wait|should i|what do i do|what should i do|do i need|is that normal|is this normal|help)\b",
    r"\bof my life\b|\bstarted\b|\bsuddenly\b|\bsudden\b|\bkeeps?\b|\bstill\b|\bweeks pregnant\b|\bweeks old\b",
)
_SIGNS = _any(
    # heart and vessels
    r"\b(?:crushing|tight|heavy|squeezing|pressure|severe|bad|sudden|tearing)\b.{0,25}\b(?:chest|sternum)\b|\bchest (?:pain|pressure|tightness)\b.{0,60}"
    r"\b(?:arm|jaw|sweat\w*|breath\w*|faint\w*|back|minutes|hour|grey|gray|clammy)|\bpain\b.{0,20}\b(?:chest)\b.{0,40}\b(?:arm|jaw|neck)",
    r"\bcardiac arrest\b|\bno pulse\b|\bpulseless\b|\bheart (?:has )?stopped\b",
    # stroke
    r"\bface\b.{0,25}\b(?:droop\w*|fallen|lopsided|crooked)|\bdroop\w*\b.{0,15}\bface\b|\bslurr\w+ (?:his |her |my |their )?(?:speech|words)\b|\bspeech\b.{0,15}\bslurr\w+|"
    r"\bcan(?:'t|not) (?:lift|move|raise) (?:his|her|my|one|their|the)\b.{0,15}\b(?:arm|leg|side)\b|\b(?:one side|left side|right side)\b.{0,25}\b(?:weak|numb|paraly\w+)",
    r"\bworst headache\b|\bthunderclap\b",
    # breathing and airway
    r"\bnot breathing\b|\bstopped breathing\b|\bturning blue\b|\bblue lips\b|\blips (?:are|have gone|turned|gone)\b.{0,10}\bblue\b|\bgasping\b|\bcan(?:'t|not) breathe\b|\bstruggling to breathe\b|\bchok(?:ing|ed)\b",
    r"\bsilent chest\b|\bcan(?:'t|not) speak\b.{0,30}\b(?:breath\w*|inhaler|asthma|sentences)?|\bspo2\b.{0,12}\b[4-8]\d\b|\bsat(?:s|uration)?\b.{0,15}\b[4-8]\d ?(?:%|percent|on)",
    r"\b(?:throat|tongue|lips|face)\b.{0,25}\b(?:closing|swell\w*|swollen|tight\w*)\b|\banaphyla\w+\b.{0,30}\b(?:now|having|i think)",
    # consciousness and fits
    r"\b(?:unconscious|unresponsive|passed out|won't wake|will not wake|can(?:'t|not) wake|not waking|collapsed)\b",
    r"\b(?:fit|fitting|seizure|convuls\w+)\b.{0,60}\b(?:not stopping|isn't stopping|won't stop|still|minutes|again|going on|keeps?|first)\b",
    r"\bstiff neck\b.{0,60}\b(?:fever|rash|light|headache)|\brash\b.{0,40}\b(?:doesn't fade|does not fade|glass)",
    # poisons and bites
    r"\b(?:drank|drunk|swallowed|ate|eaten|took|taken|ingested|injected)\b.{0,50}\b(?:drain cleaner|bleach|antifreeze|batter(?:y|ies)|paraquat|pesticide|poison|weed ?killer|magnet\w*|dishwasher|caustic|acid|mushrooms?)",
    r"\b(?:took|taken|swallowed|ate|eaten|had)\b.{0,25}\b(?:\d{2,}|too many|a whole (?:pack|bottle|box)|a (?:pack|bottle|box|handful) of|all (?:the|my|her|his))\b.{0,40}\b(?:tablets?|pills?|capsules?|paracetamol|acetaminophen|tylenol|ibuprofen|aspirin|meds|medicines?)",
    r"\b(?:overdosed|overdose)\b.{0,40}\b(?:i|my|he|she|just|now|ago)\b|\b(?:i|my|he|she|just)\b.{0,40}\boverdosed?\b",
    r"\b(?:snake|adder|viper|cobra)\b.{0,15}\b(?:bite|bit|bitten)|\bbitten by a (?:snake|bat|dog)\b.{0,30}\b(?:now|ago|swelling)",
    # bleeding
    r"\bvomit\w*\b.{0,15}\bblood\b|\b(?:coughing|throwing|bringing) up\b.{0,15}\bblood\b|\bbleeding\b.{0,30}\b(?:won't stop|not stopping|heavily|a lot|badly|everywhere|spurting)|\b(?:black|tarry) stools?\b.{0,30}\b(?:faint|dizzy|weak)",
    # pregnancy, babies
    r"\bpregnant\b.{0,90}\b(?:headache|flashing lights|vision|swollen (?:hands|face)|bleeding|no movement|not moving|waters|fit)\b",
    r"\b(?:newborn|baby|infant)\b.{0,40}\b(?:weeks?|days?|month) old\b.{0,60}\b(?:fever|temperature|3[89](?:\.\d)?|floppy|blue|not feeding|sleepy|limp)|\b(?:baby|newborn|infant)\b.{0,60}\b(?:floppy|limp|blue|not breathing|won't wake)",
    # spine and nerves
    r"\bcan(?:'t|not) feel (?:my|his|her|their) legs?\b|\b(?:numb|numbness)\b.{0,30}\b(?:saddle|groin|between (?:my|the|his|her) legs|genitals?|bottom|buttocks)\b|\bsaddle (?:numbness|anaesthesia|anesthesia)\b.{0,30}\b(?:i|my|he|she|now)\b|"
    r"\b(?:wet myself|soiled myself|can(?:'t|not) (?:pee|urinate|pass urine)|lost control of (?:my|his|her) (?:bladder|bowels?)|incontinen\w+)\b.{0,80}\b(?:back|legs?|numb)|\bback pain\b.{0,80}\b(?:wet myself|can(?:'t|not) (?:pee|urinate|pass urine)|lost control|incontinen\w+|numb between)",
    r"\b(?:baby|newborn|infant)\b.{0,60}\b(?:stopped sucking|not sucking|gone stiff|stiff|spasms?|arching)\b|\b(?:took|taken|taking)\b.{0,30}\bmethotrexate\b"
    r".{0,30}\b(?:every day|daily|by mistake|days in a row)\b.{0,120}\b(?:ulcers?|fever|bleeding|bruis\w+|sore mouth|mouth)\b",
    # metabolism and infection
    r"\bdiabet\w+\b.{0,80}\b(?:confused|drowsy|fruity|breathing fast|unconscious|vomiting)\b|\bbreath\b.{0,15}\bfruity\b",
    r"\b(?:confused|drowsy|mottled|shivering)\b.{0,50}\b(?:fever|infection|temperature)\b.{0,40}\b(?:now|my|he|she)\b|\bsepsis\b.{0,20}\b(?:i think|my|now)\b",
    # withdrawal and failed pumps
    r"\b(?:pump|baclofen|diazepam|clonazepam|steroids?|prednisolone)\b.{0,60}\b(?:ran dry|run dry|run out|ran out|empty|stopped|missed)\b.{0,120}\b(?:burning up|fever|rigid|stiff as|seeing things|hallucinat\w+|confus\w+|fit|seizure|collapsed|fainting)\b",
    r"\bpump\b.{0,60}\b(?:beep\w*|alarm\w*|bleep\w*|fail\w*|leak\w*|kink\w*|disconnected|broken|not working|refill (?:is |was )?(?:missed|overdue|late))\b"
    r".{0,120}\b(?:burning|hot|fever\w*|temperature|rigid|stiff\w*|jerk\w*|twitch\w*|spasms?|itch\w*|seeing things|hallucinat\w+|confus\w+|drowsy|sleepy|fit|seizure|collapsed)\b",
    # muscle: jaw spasm, dark urine, tense limb, breathing weakness
    r"\b(?:jaw|mouth)\b.{0,30}\b(?:lock(?:ed|ing)|clenched|clamped|clamping|shut|seized|stuck|won't open|can(?:'t|not) open)\b|\bbody arches\b|\barch(?:es|ing)\b.{0,30}\b(?:back|body)\b.{0,40}\b(?:noise|bang\w*|touch\w*|light|door)"
    r"|\blockjaw\b.{0,40}\b(?:my|i|he|she|now|wound)|\bcan(?:'t|not) open (?:my|his|her) (?:mouth|jaw)\b",
    r"\b(?:urine|pee|wee)\b.{0,25}\b(?:dark|brown|cola|coke|tea|black)\b.{0,80}\b(?:muscle\w*|weak\w*|pain\w*|exercise|workout|race|marathon|crush\w*|statin)|\b(?:muscle\w*|thighs?|legs?|arms?|calves|marathon|workout|exercise\w*|crushed)\b.{0,80}\b(?:urine|pee)\b.{0,25}\b(?:dark|brown|cola|coke|tea|black)",
    r"\b(?:leg|calf|arm|limb|thigh|forearm)s?\b.{0,40}\b(?:rock hard|tense|tight as|swollen and hard|hard as)\b.{0,80}\b(?:pain\w*|agony|unbearable|numb|can(?:'t|not) (?:feel|move))",
    r"\b(?:pee|urine|wee)\b.{0,15}\b(?:is|was|gone|turned|looks) (?:black|brown|dark|like (?:cola|coke|tea))\b",
    r"\bcan(?:'t|not) swallow (?:my|his|her|their) (?:own )?(?:spit|saliva)\b|\b(?:eyelids? (?:hang|droop)\w*|can(?:'t|not) hold (?:my|his|her) head)\b.{0,120}\b(?:swallow|breath\w*|heart)|"
    r"\bswallow\b.{0,80}\b(?:eyelids? (?:hang|droop)\w*|heart is (?:jumping|racing|fluttering))",
    r"\b(?:can(?:'t|not)|haven'?t been able to|unable to) (?:wee|pee|urinate|pass (?:urine|water))\b.{0,80}\b(?:numb|back|legs?)|\bnumb where (?:i|he|she) sits?\b",
    r"\bcan(?:'t|not) (?:swallow|hold (?:my|his|her) head up)\b.{0,80}\b(?:weak\w*|muscle\w*|breath\w*)|\bmuscle\w*\b.{0,60}\b(?:weak\w*)\b.{0,60}\b(?:can(?:'t|not) (?:breathe|swallow)|breathless|choking)",
)
_FOREIGN_SIGNS = _any(  # the few words that matter most, in the languages most often typed
    r"\bno puede respirar\b|\blabios morados\b|\bno respira\b|\bdolor (?:fuerte )?en el pecho\b|\bno despierta\b|\bconvulsion\w*\b|\bne respire (?:pas|plus)\b|\bn'arrive pas a respirer\b|"
    r"\blevres bleues\b|\bdouleur (?:forte )?(?:dans|a) la poitrine\b|\bne tete plus\b|\btout raide\b|\bbekommt keine luft\b|\batmet nicht\b|\bblaue lippen\b|\bbrustschmerz\w*\b|\bbewusstlos\b|"
    r"\bnon respira\b|\bnao respira\b",
)
_THIRD_PERSON_TEXTBOOK = re.compile(
    r"^(?:what (?:is|are|does)|how (?:is|are|should)|which|when (?:is|are|should)|why|does|do|is|are|in (?:adults|children|patients))\b(?!.*\b(?:my|i'm|i've|i have|me|right now|ago)\b)"
)

# --- refusals ------------------------------------------------------------------------------------------

_OTHERS = (
    r"(?:my|his|her|their|a|an|the) (?:ex|flat ?mate|room ?mate|house ?mate|boss|colleague|co-?worker|neighbou?r|girlfriend|boyfriend|date|friend|"
    r"mother-in-law|father-in-law|stepmother|stepfather|landlord|guest|rival|teammate)"
)
_ABUSED = (
    r"(?:oxycodone|carisoprodol|soma|opioids?|codeine|tramadol|morphine|fentanyl|hydrocodone|diazepam|valium|xanax|alprazolam|clonazepam|lorazepam|"
    r"benzos?|benzodiazepines?|pregabalin|gabapentin|zopiclone|zolpidem|adderall|ketamine)"
)

_HARM = _any(
    r"\bwithout (?:her|him|them|anyone|anybody|the patient|my \w+|his \w+|consent)\b.{0,30}\b(?:tasting|noticing|knowing|consent|finding out|realis\w+|realiz\w+)",
    r"\b(?:slip|sneak)\b.{0,30}\b(?:into|in)\b.{0,25}\b(?:drink|food|tea|coffee|juice|beer|wine)\b|\bso (?:he|she|they|nobody|no one) (?:won't|will not|doesn't|don't) notice\b",
    rf"\b(?:crush|grind|put|slip|sneak|mix|add|dissolve|drop|hide|pour|stir)\w*\b.{{0,60}}\b{_OTHERS}(?:'?s)? (?:\w+ )?(?:drink|beer|wine|tea|coffee|juice|food|soup|glass|cocktail|dinner|lunch|bottle)\b",
    rf"\b(?:slip|sneak)(?:p?ing)? (?:him|her|them|someone|somebody|{_OTHERS})\b|\b(?:spike|spiking|drug|drugging|sedate|sedating) {_OTHERS}\b|\bspike (?:a|the|his|her|their|my|\w+'s) (?:drink|beer|food)\b",
    r"\bso (?:that )?(?:he|she|they)\b.{0,20}\b(?:pass(?:es)? out|falls? asleep|knocked out|(?:is|are) out|can't (?:fight|resist|say no|remember)|(?:doesn't|don't|won't) (?:know|notice|remember|resist))\b",
    r"\b(?:he|she|they|him|her|them)\b.{0,40}\b(?:loses?|miscarr\w+|abort\w*)\b.{0,30}\b(?:baby|pregnancy|child)?.{0,20}\bwithout (?:noticing|knowing|realis\w+|realiz\w+|telling)",
    rf"\b(?:stor(?:y|ies)|lies?|excuse|symptoms? (?:should|do|can|to|would) (?:i |you )?\w+|script|(?:what|which words?) (?:do i|should i|can i|to) (?:say|tell))\b.{{0,60}}\b(?:get|gets|obtain|score|prescribe\w*|convince\w*|persuade\w*)\b.{{0,60}}\b{_ABUSED}\b",
    r"\b(?:kill|poison|murder)(?:ing)? (?:someone|somebody|him|her|them|a person|people|my \w+|a patient|patients)\b",
    r"\b(?:act out|fake|feign\w*|pretend\w*|put on)\b.{0,60}\b(?:convincing\w*|so (?:that )?(?:the|my)|symptoms?|i don't have)\b|\bso (?:that )?it looks (?:like|as if)\b",
    r"\b(?:reword|rewrite|word|compose|draft|write)\b.{0,60}\b(?:so (?:that )?it looks|leaves? out|hides?|without (?:the|any) (?:warning|risk))\b|\bwithout leaving (?:an? )?(?:audit )?(?:trail|trace|record)\b",
    r"\b(?:fake|forged?|false) (?:prescription|certificate|note|record|letter|referral)\b",
    r"\b(?:leav(?:e|es|ing) out|without mentioning|omit\w*|bury\w*|play\w* down)\b.{0,50}\b(?:risk|harm|side effects?|death|clot)\b.{0,60}\b(?:sign|enrol|consent|agree|approv\w+)",
    r"\b(?:sick note|medical certificate|doctor'?s note|letter|prescription)\b.{0,80}\b(?:i don't|i do not|fake|false|falsely|forged?|that isn't true|pretend)",
    r"\b(?:fake|falsif\w+|forge|fabricat\w+|back-?dat\w+|alter|tamper\w*|doctor(?:ing)?|manipulat\w+|delete|erase|conceal\w*|hide|hides|cover(?:ing)? up)\b.{0,60}"
    r"\b(?:records?|notes?|dates?|data|results?|report|consent|scores?|certificate|documents?|errors?|events?|evidence|diagnos\w+|risks?|audit|complaints?)\b",
    r"\b(?:hid(?:e|es|ing)|disappear|omit\w*|downplay\w*)\b.{0,60}\b(?:serious|adverse|risk|side effects?)\b.{0,40}\b(?:from|so that|report|patients?|enrol)|"
    r"\b(?:adverse events?|side effects?|errors?|risks?|deaths?)\b.{0,20}\b(?:disappear|vanish|go away)\b",
    r"\b(?:vaccines?)\b.{0,30}\b(?:cause|causes|causing) autism\b|\btelling (?:parents|people|patients|diabetics|them)\b.{0,60}\b(?:stop|avoid|refuse|not to take|buy)\b",
    r"\b(?:get|obtain|score|buy)\b.{0,40}\b(?:oxycodone|opioids?|fentanyl|adderall|benzos?|xanax|morphine|controlled)\b.{0,60}\b(?:without|fake|doctor shopping|no prescription|real pain)",
    r"\bpoison\b.{0,60}\b(?:post-?mortem|autops\w+|undetect\w+|untrace\w+|found|detected)|\b(?:undetectable|untraceable) (?:poison|drug|overdose)\b",
    r"\b(?:hiv|medical|health|test|diagnosis|psychiatric)\b.{0,30}\b(?:status|record\w*|results?|history)\b.{0,40}\b(?:of my (?:colleague|neighbou?r|boss|ex|wife|husband|employee|coworker|co-worker)|celebrity)|"
    r"\b(?:colleague|neighbou?r|boss|ex|employee|coworker|celebrity)'?s?\b.{0,40}\b(?:hiv|medical|health|psychiatric)\b.{0,20}\b(?:status|records?|file|results?)",
    r"\b(?:put|slip|sneak|mix|add)\b.{0,40}\b(?:sedative|sleeping pills?|drug|laxative|poison|tablets?)\b.{0,40}\b(?:tea|coffee|drink|food|juice|soup)",
    r"\bhow (?:can|could|do|to|would) (?:i|we|one|you|a doctor|a nurse|someone)?\b.{0,20}\b(?:kill|murder|poison|drug|sedate|harm|hurt|sterili[sz]e|euthani[sz]e)\b(?! the).{0,30}\b(?:my|her|him|someone|people|a person|patients?|wife|husband|boss|mother|father|without)\b(?!.*\b(?:pain|infection|bacteria|cells)\b)",
    r"\b(?:discriminat\w+|deny(?:ing)? (?:care|treatment)|refus\w+ (?:to treat|care|treatment))\b.{0,60}\b(?:because|based on|due to|of (?:a certain|their))\b.{0,40}\b(?:race|religion|insurance|gender|orientation|poor|immigra\w+|ability to pay)",
    r"\boverprescrib\w+\b.{0,40}\b(?:continue|profit|kickback|without)|\bkickbacks?\b|\bignor\w+ (?:the |new |all )?guidelines?\b.{0,60}\b(?:and|write|tell|continue)\b",
)

# --- not clinical --------------------------------------------------------------------------------------

_OTHER_TRADE = _any(
    r"\b(?:share price|stock price|stock market|world cup|election|poem|joke|song|lyrics|recipe|capital of|translate|python|javascript|java code|for loop|sql query|weather|football|lawyer|rental contract|essay about|horoscope)\b",
    r"\bmy (?:dog|cat|horse|rabbit|hamster|parrot|puppy|kitten)(?:'s)?\b|\bveterinar\w+\b",
)

_INSTRUCTIONS = _any(
    r"\b(?:my|our|the) (?:dog|cat|horse|puppy|kitten|rabbit|hamster|pony|ferret|parrot|spaniel|labrador|collie|terrier)\b|\bvet(?:'s|s)?\b(?! surgeon)",
    r"\b(?:solicitor|lawyer|attorney)s?\b|\bshares? to buy\b|\b(?:invest in|stock to buy)\b",
    r"\bquestions other users\b|\b(?:show|list|print|reveal|repeat) (?:me )?(?:your|the) (?:system prompt|instructions|prompt|hidden|logs?|api keys?)\b|\bignore (?:all |any |your |the )?(?:previous|prior|above|earlier) (?:instructions?|prompts?|rules)\b",
    r"\b(?:you are now|pretend (?:to be|you are)|act as (?:an?|the)|jailbreak|developer mode|dan mode)\b",
)

# --- a plan for one person -----------------------------------------------------------------------------

_PERSONAL = _any(
    r"\b(?:should|shall|can|may|could|must|do) (?:i|we) (?:still |now |just |safely )?(?:take|stop|start|restart|double|halve|skip|keep|continue|drink|use|give|increase|reduce|have|inject|mix|combine|switch)\b",
    r"\bhow (?:much|many)\b.{0,60}\b(?:should|do|can|must) i (?:take|give|inject|use|swallow)\b|\bmy (?:\d+|child|son|daughter|baby|toddler|\w+-year-old)\b.{0,60}\bhow (?:much|many)\b",
    r"\b(?:is it|would it be) (?:safe|ok|okay|alright)\b.{0,20}\b(?:for me|if i|to (?:just )?(?:stop|skip|take|drink))\b|\bfor me\?|\bi (?:forgot|missed) (?:my|a|two|the)\b|\bi weigh\b|\bmy (?:creatinine|potassium|blood pressure|biopsy|inr|egfr|ck|blood test)\b",
)

_ABOUT_ME = re.compile(
    r"\b(?:my|me|do i swallow|do i take|myself|i'm|i am|i've|i have|i take|i weigh|i forgot|i missed|tonight|today|tomorrow|yesterday)\b"
)


_HARDLY = re.compile(
    r"\b(?:can (?:hardly|barely|scarcely|no longer|only just)|could(?:n't| not| hardly| barely)|(?:is|am|are|was|'s|'m) (?:un|not |hardly |barely )able to)\b"
    r"(?=.{0,20}\b(?:breathe|swallow|speak|hold|wake|feel|pee|wee|urinate|pass)\b)"
)
"""Weaker ways of saying "can't": a sign that is hardly possible any more is as dangerous as one that is not."""

_ONLY_CLINICAL = "It answers clinical questions from the guideline packs in its library, and nothing else."


def other_trade(text: str) -> Triage | None:
    """A question that is no clinician's, for when nothing of ours is named in it."""
    return Triage(outcome=Outcome.OUT_OF_SCOPE, reasons=(_ONLY_CLINICAL,)) if _OTHER_TRADE.search(fold(text)) else None


def triage(text: str) -> Triage | None:
    """None when nothing in the words speaks against a plain answer."""
    folded = _HARDLY.sub("can't", fold(text))
    if _SELF_HARM.search(folded):
        return Triage(outcome=Outcome.SELF_HARM)
    if _FOREIGN_SIGNS.search(folded):
        return Triage(outcome=Outcome.EMERGENCY)
    if _SIGNS.search(folded) and _NOW.search(folded) and not _THIRD_PERSON_TEXTBOOK.search(folded):
        return Triage(outcome=Outcome.EMERGENCY)
    if _HARM.search(folded):
        return Triage(
            outcome=Outcome.DECLINE,
            reasons=(
                "It would put someone at risk or deceive them. Ask instead for the evidence on safe and honest care, or "
                "speak with a colleague, an ethics service or your professional body.",
            ),
        )
    if _INSTRUCTIONS.search(folded):
        return Triage(outcome=Outcome.OUT_OF_SCOPE, reasons=(_ONLY_CLINICAL,))
    if _PERSONAL.search(folded) and _ABOUT_ME.search(folded):
        return Triage(
            outcome=Outcome.PATIENT_SPECIFIC,
            reasons=(
                "What follows is general evidence. A decision for one person needs what this page does not know: age, "
                "weight, pregnancy, kidney and liver function, other illnesses, all medicines and allergies. Ask the "
                "clinician or pharmacist who knows them.",
            ),
        )
    return None

"""An Article in each form a reader may want. Renderers say nothing of their own: words come from the article."""

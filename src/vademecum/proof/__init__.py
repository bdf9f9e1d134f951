"""Does a sentence say what its evidence says? Checks in code, each with its reason."""

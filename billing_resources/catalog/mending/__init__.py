"""What to write instead: for each problem of a catalog a sentence, and an edit where there is only one."""

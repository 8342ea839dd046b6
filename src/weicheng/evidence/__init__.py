"""凭证: photos and files, kept by what they contain."""

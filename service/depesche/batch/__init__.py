"""The folder job: any number of articles, a brief or a coded reason for each, nothing lost on the way."""

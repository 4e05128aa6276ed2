"""The folder job: any number of articles in, a brief or a coded reason for each, and nothing lost on the way."""

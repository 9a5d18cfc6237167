"""One file a format of data set; `open.read_dataset` recognises which."""

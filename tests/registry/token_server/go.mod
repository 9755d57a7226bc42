module token_server

go 1.24

module ecc/guest

go 1.24

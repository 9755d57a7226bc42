module ecc.test/referrers-server

go 1.25.7

require github.com/google/go-containerregistry v0.20.2

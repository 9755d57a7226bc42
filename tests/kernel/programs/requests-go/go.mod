module requests

go 1.24

require ecc/guest v0.1.0

// One request and its reply on one of libcurl's handles: the callbacks, and the bounds on what they take.
#pragma once

#include "packager/oci/http.h"

#include <curl/curl.h>

namespace ecc {

/// How an exchange ended: a reply, or none.
struct ExchangeResult {
    HttpReply reply;
    std::optional<Error> error;
    bool passing = false; ///< the error may be gone if the request is sent again
};

ExchangeResult exchange(CURL* curl, const HttpRequest& request, const TlsSettings& tls,
                        const HttpTimes& times);

/// True if this server answers a TLS handshake, with whatever certificate: nothing is sent over it.
Result<bool> probe_tls(CURL* curl, const Url& url, const TlsSettings& tls, const HttpTimes& times);

} // namespace ecc

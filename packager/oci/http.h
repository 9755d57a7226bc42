// HTTP over libcurl. Policy of every request:
//  * TLS certificates are verified (tls_roots.h says against what); HTTP without TLS goes to loopback hosts
//    only, or anywhere if the user asked for it;
//  * redirects are followed here, at most ten: never from https to http, and `authorization` and a secret
//    body stay with the origin that they were meant for;
//  * what fails for a reason that passes is sent again (retry.h), as long as nothing of the reply was handed
//    on;
//  * times, headers and bodies are bounded.
// Connections are kept open for later requests. A client may be used from several threads.
#pragma once

#include "packager/oci/blob_source.h"
#include "packager/oci/http_limits.h"
#include "packager/oci/tls_roots.h"
#include "packager/oci/url.h"

#include <mutex>

namespace ecc {

inline constexpr std::size_t default_reply_limit = 1u << 20;

struct HttpReply {
    long status = 0;
    Url url;                                                  ///< where it came from, after redirects
    std::vector<std::pair<std::string, std::string>> headers; ///< names in lower case
    std::string body;
    /// The connection ended inside a body of which the sink has a part, or before the reply to a request that
    /// is not `repeatable`; what to do next is for the caller to find out.
    std::optional<Error> broken;
    bool crawled = false; ///< `broken` because too little came for too long

    bool ok() const { return status >= 200 && status < 300; }
    /// The first header of that (lower-case) name, or empty.
    std::string header(std::string_view name) const;
    std::vector<std::string> all_headers(std::string_view name) const;
};

/// A part of a source as the body of a request.
struct Upload {
    const BlobSource* source = nullptr; ///< must outlive the request
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
};

struct HttpRequest {
    std::string method = "GET";
    Url url;
    std::vector<std::string> headers; ///< "Accept: text/plain"
    std::string authorization;        ///< value of the header of that name; empty: not sent
    std::string content_type;         ///< of `body`
    ByteView body;                    ///< sent with everything but GET and HEAD; must outlive the call
    bool secret_body = false;         ///< a redirect to another origin is an error
    Upload upload;                    ///< in place of `body`, if it has a source
    Progress upload_progress;         ///< of `upload`, counted from the source's beginning
    std::size_t reply_limit = default_reply_limit;
    Sink sink; ///< takes the body of a 2xx reply in place of HttpReply::body; bounds it itself
    /// Sees status and headers of a 2xx reply before the sink sees its body; an error ends the request.
    std::function<Result<void>(const HttpReply&)> on_head;
    bool repeatable = true; ///< false: a second copy would do harm, so this client sends none
};

struct HttpOptions {
    bool plain_http = false;
    TlsOptions tls;
    HttpLimits limits;
};

class HttpClient {
public:
    explicit HttpClient(HttpOptions options);
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    /// A reply of any status is a value, and so is a `broken` one; an environment error means that there was
    /// no reply, and that sending the request again would not help.
    Result<HttpReply> send(HttpRequest request);

    /// True if the server answers a TLS handshake, false if it speaks something else, or if nobody is at the
    /// usual port of https.
    Result<bool> speaks_tls(const Url& url);

private:
    class Lease;
    Result<HttpReply> send_once(const HttpRequest& request, Retry& retry);
    Result<void> check_scheme(const Url& url) const;

    HttpOptions options_;
    TlsRoots roots_;
    std::mutex mutex_;
    std::vector<void*> idle_; ///< libcurl's handles with their open connections
};

} // namespace ecc

// One HTTP request and its reply, over libcurl. Policy of every exchange:
//  * TLS certificates are verified ($SSL_CERT_FILE names other authorities); HTTP without TLS goes to
//  loopback hosts
//    only, or anywhere if the user asked for it;
//  * redirects are followed here, at most ten: never from https to http, and `authorization` stays with the
//  origin that
//    it was meant for;
//  * times, headers and bodies are bounded.
#pragma once

#include "packager/oci/store.h"
#include "packager/oci/url.h"

namespace ecc {

inline constexpr std::size_t default_reply_limit = 1u << 20;

struct HttpRequest {
    std::string method = "GET";
    Url url;
    std::vector<std::string> headers; ///< "Accept: text/plain"
    std::string authorization;        ///< value of the header of that name; empty: not sent
    std::string content_type;         ///< of `body`
    ByteView body;                    ///< sent with POST and PUT; must outlive the call
    std::size_t reply_limit = default_reply_limit;
    Sink sink; ///< takes the body of a 2xx reply in place of HttpReply::body; bounds it itself
    Progress upload_progress;
};

struct HttpReply {
    long status = 0;
    Url url;                                                  ///< where it came from, after redirects
    std::vector<std::pair<std::string, std::string>> headers; ///< names in lower case
    std::string body;

    bool ok() const { return status >= 200 && status < 300; }
    /// The first header of that (lower-case) name, or empty.
    std::string header(std::string_view name) const;
    std::vector<std::string> all_headers(std::string_view name) const;
};

class HttpClient {
public:
    explicit HttpClient(bool plain_http);
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    /// A reply of any status is a value; an environment error means that there was no complete reply.
    Result<HttpReply> send(HttpRequest request);

    /// True if the server answers a TLS handshake, false if it speaks something else.
    Result<bool> speaks_tls(const Url& url);

private:
    Result<HttpReply> exchange(const HttpRequest& request);
    Result<void> check_scheme(const Url& url) const;

    struct Handle;
    std::unique_ptr<Handle> handle_;
    bool plain_http_;
};

} // namespace ecc

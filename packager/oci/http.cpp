#include "packager/oci/http.h"

#include "packager/oci/http_exchange.h"
#include "packager/oci/reference.h"

#include <algorithm>
#include <fmt/format.h>

namespace ecc {
namespace {

constexpr int max_redirects = 10;

void init_curl_once() {
    static const CURLcode done = curl_global_init(CURL_GLOBAL_DEFAULT);
    static_cast<void>(done);
}

bool is_redirect(const HttpRequest& request, const HttpReply& reply) {
    const bool reads = request.method == "GET" || request.method == "HEAD";
    const bool keeps_method = reply.status == 307 || reply.status == 308;
    const bool moves = reply.status == 301 || reply.status == 302 || reply.status == 303;
    return (keeps_method || (reads && moves)) && !reply.header("location").empty();
}

Result<void> follow(HttpRequest& request, const HttpReply& reply) {
    ECC_TRY(Url next, resolve_url(request.url, reply.header("location")));
    if (request.url.scheme == "https" && next.scheme == "http")
        return environment_error(request.url.host,
                                 fmt::format("redirects from https to {}, which has no TLS", next.text),
                                 "ask the registry's operator");
    if (!next.same_origin(request.url)) {
        if (request.secret_body)
            return environment_error(
                request.url.host, fmt::format("redirects a login to {}, where it may not go", next.origin()),
                "ask the registry's operator");
        request.authorization.clear();
    }
    request.url = std::move(next);
    return {};
}

} // namespace

/// A handle for one request, back among the idle ones afterwards.
class HttpClient::Lease {
public:
    explicit Lease(HttpClient& client) : client_(client) {
        std::lock_guard lock(client.mutex_);
        if (client.idle_.empty())
            client.idle_.push_back(curl_easy_init());
        curl = client.idle_.back();
        client.idle_.pop_back();
    }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ~Lease() {
        std::lock_guard lock(client_.mutex_);
        client_.idle_.push_back(curl);
    }

    CURL* curl;

private:
    HttpClient& client_;
};

std::string HttpReply::header(std::string_view name) const {
    auto found = std::ranges::find_if(headers, [&](const auto& header) { return header.first == name; });
    return found == headers.end() ? std::string() : found->second;
}

std::vector<std::string> HttpReply::all_headers(std::string_view name) const {
    std::vector<std::string> values;
    for (const auto& [key, value] : headers)
        if (key == name)
            values.push_back(value);
    return values;
}

HttpClient::HttpClient(HttpOptions options) : options_(std::move(options)), roots_(options_.tls) {
    init_curl_once();
}

HttpClient::~HttpClient() {
    for (void* curl : idle_)
        curl_easy_cleanup(curl);
}

Result<void> HttpClient::check_scheme(const Url& url) const {
    if (url.scheme == "https" || options_.plain_http || is_loopback(url.host))
        return {};
    return environment_error(url.host, fmt::format("{} would be fetched without TLS", url.text),
                             "say --plain-http if you trust the network in between");
}

/// To one place, as often as its failures may pass.
Result<HttpReply> HttpClient::send_once(const HttpRequest& request, Retry& retry) {
    ECC_TRY(const TlsSettings* tls, roots_.settings_for(request.url.host_and_port()));
    Lease lease(*this);
    for (;;) {
        ExchangeResult result = exchange(lease.curl, request, *tls, options_.limits.times);
        const bool passing = result.error ? result.passing : is_passing_status(result.reply.status);
        if (passing && request.repeatable &&
            retry.again(parse_retry_after(result.reply.header("retry-after"))))
            continue;
        if (result.error)
            return std::unexpected(std::move(*result.error));
        return std::move(result.reply);
    }
}

Result<HttpReply> HttpClient::send(HttpRequest request) {
    Retry retry(options_.limits.retry);
    for (int hop = 0; hop <= max_redirects; hop++) {
        ECC_CHECK(check_scheme(request.url));
        ECC_TRY(auto reply, send_once(request, retry));
        if (!is_redirect(request, reply))
            return reply;
        ECC_CHECK(follow(request, reply));
    }
    return environment_error(request.url.host_and_port(),
                             fmt::format("more than {} redirects", max_redirects),
                             "check the address, or ask the registry's operator: its redirects lead nowhere");
}

Result<bool> HttpClient::speaks_tls(const Url& url) {
    ECC_TRY(const TlsSettings* tls, roots_.settings_for(url.host_and_port()));
    Lease lease(*this);
    return probe_tls(lease.curl, url, *tls, options_.limits.times);
}

} // namespace ecc

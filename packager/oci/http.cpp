#include "packager/oci/http.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <curl/curl.h>
#include <fmt/format.h>
#include <optional>

namespace ecc {
namespace {

constexpr int max_redirects = 10;
constexpr long connect_seconds = 15;
constexpr long stall_seconds = 60; // without a byte per second for so long, the transfer is given up
constexpr long probe_seconds = 3;
constexpr std::size_t max_header_bytes = 256u << 10;
constexpr const char* user_agent = "ecc/" ECC_VERSION;

void init_curl_once() {
    static const CURLcode done = curl_global_init(CURL_GLOBAL_DEFAULT);
    static_cast<void>(done);
}

/// What libcurl's callbacks share during one exchange.
struct Exchange {
    CURL* curl;
    const HttpRequest& request;
    HttpReply reply;
    std::optional<Error> error;
    std::size_t header_bytes = 0;
    std::array<char, CURL_ERROR_SIZE> message{};

    void fail(std::string what) { error = Error{Fault::environment, request.url.host, std::move(what), {}}; }
    long status() const {
        long code = 0;
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code);
        return code;
    }
};

bool take_body(Exchange& exchange, ByteView bytes) {
    const long status = exchange.status();
    if (exchange.request.sink && status >= 200 && status < 300) {
        auto taken = exchange.request.sink(bytes);
        if (!taken)
            exchange.error = taken.error();
        return taken.has_value();
    }
    if (bytes.size() > exchange.request.reply_limit - exchange.reply.body.size()) {
        exchange.fail(fmt::format("the reply is larger than {} bytes, the most that is read",
                                  exchange.request.reply_limit));
        return false;
    }
    exchange.reply.body += as_text(bytes);
    return true;
}

std::string_view trimmed(std::string_view text) {
    auto first = text.find_first_not_of(" \t\r\n");
    if (first == text.npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string lower_case(std::string_view text) {
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return lower;
}

bool take_header(Exchange& exchange, std::string_view line) {
    exchange.header_bytes += line.size();
    if (exchange.header_bytes > max_header_bytes) {
        exchange.fail(fmt::format("the reply has more than {} bytes of headers", max_header_bytes));
        return false;
    }
    if (line.starts_with("HTTP/"))
        exchange.reply.headers.clear(); // what came before was an interim reply
    else if (auto colon = line.find(':'); colon != line.npos)
        exchange.reply.headers.emplace_back(lower_case(trimmed(line.substr(0, colon))),
                                            trimmed(line.substr(colon + 1)));
    return true;
}

std::size_t on_body(char* data, std::size_t size, std::size_t count, void* exchange) {
    ByteView bytes = as_bytes({data, size * count});
    return take_body(*static_cast<Exchange*>(exchange), bytes) ? bytes.size() : 0;
}

std::size_t on_header(char* data, std::size_t size, std::size_t count, void* exchange) {
    std::string_view line(data, size * count);
    return take_header(*static_cast<Exchange*>(exchange), line) ? line.size() : 0;
}

int on_progress(void* exchange, curl_off_t, curl_off_t, curl_off_t total, curl_off_t done) {
    const Progress& progress = static_cast<Exchange*>(exchange)->request.upload_progress;
    if (progress && total > 0)
        progress(static_cast<std::uint64_t>(done), static_cast<std::uint64_t>(total));
    return 0;
}

using HeaderList = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

HeaderList header_list(const HttpRequest& request) {
    HeaderList list(nullptr, curl_slist_free_all);
    auto add = [&](const std::string& line) { list.reset(curl_slist_append(list.release(), line.c_str())); };
    for (const std::string& line : request.headers)
        add(line);
    add("Expect:"); // a round trip less, and some registries never answer it
    add("Content-Type:" + (request.content_type.empty() ? "" : " " + request.content_type));
    if (!request.authorization.empty())
        add("Authorization: " + request.authorization);
    return list;
}

void set_method(CURL* curl, const HttpRequest& request) {
    if (request.method == "HEAD") {
        curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    } else if (request.method != "GET") {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.empty() ? "" : as_text(request.body).data());
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    }
}

void set_common(CURL* curl, const Url& url) {
    curl_easy_setopt(curl, CURLOPT_URL, url.text.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, connect_seconds);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, user_agent);
    if (is_loopback(url.host))
        curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    if (const char* authorities = std::getenv("SSL_CERT_FILE"); authorities && *authorities)
        curl_easy_setopt(curl, CURLOPT_CAINFO, authorities);
}

void set_exchange(CURL* curl, Exchange& exchange) {
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, stall_seconds);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, exchange.message.data());
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &exchange);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &exchange);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, exchange.request.upload_progress ? 0L : 1L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &exchange);
}

struct Remedy {
    CURLcode code;
    const char* hint;
};

constexpr const char* general_hint = "check the address and the network, and try again";
constexpr Remedy remedies[] = {
    {CURLE_COULDNT_CONNECT, "check that the registry runs and that the port is right"},
    {CURLE_COULDNT_RESOLVE_HOST, "check the spelling of the host"},
    {CURLE_PEER_FAILED_VERIFICATION,
     "let SSL_CERT_FILE name a file with the authority of the registry's certificate"},
    {CURLE_SSL_CONNECT_ERROR, "if this registry has no TLS, say so with --plain-http"},
};

Error transport_error(const Exchange& exchange, CURLcode code) {
    auto remedy = std::ranges::find(remedies, code, &Remedy::code);
    const char* reason = exchange.message[0] ? exchange.message.data() : curl_easy_strerror(code);
    return {Fault::environment, exchange.request.url.host + ":" + exchange.request.url.port,
            fmt::format("no complete reply from the registry: {}", reason),
            remedy == std::end(remedies) ? general_hint : remedy->hint};
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
    if (!next.same_origin(request.url))
        request.authorization.clear();
    request.url = std::move(next);
    return {};
}

} // namespace

struct HttpClient::Handle {
    CURL* curl = curl_easy_init();
    ~Handle() { curl_easy_cleanup(curl); }
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

HttpClient::HttpClient(bool plain_http) : plain_http_(plain_http) {
    init_curl_once();
    handle_ = std::make_unique<Handle>();
}

HttpClient::~HttpClient() = default;

Result<void> HttpClient::check_scheme(const Url& url) const {
    if (url.scheme == "https" || plain_http_ || is_loopback(url.host))
        return {};
    return environment_error(url.host, fmt::format("{} would be fetched without TLS", url.text),
                             "say --plain-http if you trust the network in between");
}

Result<HttpReply> HttpClient::exchange(const HttpRequest& request) {
    CURL* curl = handle_->curl;
    curl_easy_reset(curl); // keeps open connections
    Exchange exchange{.curl = curl, .request = request};
    HeaderList headers = header_list(request);
    set_common(curl, request.url);
    set_method(curl, request);
    set_exchange(curl, exchange);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
    const CURLcode code = curl_easy_perform(curl);
    if (exchange.error)
        return std::unexpected(*exchange.error);
    if (code != CURLE_OK)
        return std::unexpected(transport_error(exchange, code));
    exchange.reply.status = exchange.status();
    exchange.reply.url = request.url;
    return std::move(exchange.reply);
}

Result<HttpReply> HttpClient::send(HttpRequest request) {
    for (int hop = 0; hop <= max_redirects; hop++) {
        ECC_CHECK(check_scheme(request.url));
        ECC_TRY(auto reply, exchange(request));
        if (!is_redirect(request, reply))
            return reply;
        ECC_CHECK(follow(request, reply));
    }
    return environment_error(request.url.host, fmt::format("more than {} redirects", max_redirects));
}

Result<bool> HttpClient::speaks_tls(const Url& url) {
    CURL* curl = handle_->curl;
    curl_easy_reset(curl);
    const HttpRequest request{.method = "HEAD", .url = url};
    Exchange exchange{.curl = curl, .request = request};
    set_common(curl, url);
    set_method(curl, request);
    set_exchange(curl, exchange);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, probe_seconds);
    const CURLcode code = curl_easy_perform(curl);
    if (code == CURLE_SSL_CONNECT_ERROR || code == CURLE_OPERATION_TIMEDOUT)
        return false;
    if (code != CURLE_OK)
        return std::unexpected(transport_error(exchange, code));
    return true;
}

} // namespace ecc

#include "packager/oci/http_exchange.h"

#include "packager/oci/http_proxy.h"
#include "support/letter_case.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fmt/format.h>
#include <memory>

namespace ecc {
namespace {

constexpr long probe_seconds = 3;
constexpr long min_bytes_per_second = 1024;
constexpr long upload_buffer = 512L << 10;
constexpr long download_buffer = 256L << 10;
constexpr std::size_t max_header_bytes = 256u << 10;
constexpr const char* user_agent = "ecc/" ECC_VERSION;

/// What libcurl's callbacks share during one exchange.
struct Exchange {
    CURL* curl;
    const HttpRequest& request;
    const HttpTimes& times;
    std::optional<HttpProxy> proxy = {};
    HttpReply reply;
    std::optional<Error> error;
    std::size_t header_bytes = 0;
    std::uint64_t sent = 0; ///< of the upload
    bool head_seen = false;
    bool sink_has_bytes = false;
    std::array<char, CURL_ERROR_SIZE> message{};

    void fail(std::string what) { error = Error{Fault::environment, request.url.host, std::move(what), {}}; }
    bool keep(Result<void> result) {
        if (!result)
            error = result.error();
        return result.has_value();
    }
    long status() const { return number(CURLINFO_RESPONSE_CODE); }
    /// What a proxy said when it was asked for a tunnel, or 0.
    long tunnel_status() const { return number(CURLINFO_HTTP_CONNECTCODE); }
    bool made_connection() const { return number(CURLINFO_NUM_CONNECTS) > 0; }
    /// Content has to move all the time. What a server does with all of it, as checking a large blob, may
    /// take longer.
    void watch_speed() {
        const bool is_sent = request.upload.source ? sent == request.upload.size : has_body();
        curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, min_bytes_per_second);
        curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, is_sent ? times.reply : times.stall);
    }
    bool has_body() const { return request.method != "GET" && request.method != "HEAD"; }

private:
    long number(CURLINFO info) const {
        long code = 0;
        curl_easy_getinfo(curl, info, &code);
        return code;
    }
};

std::optional<HttpProxy> proxy_for(const Url& url) {
    return find_proxy(url, [](const char* name) { return std::getenv(name); });
}

/// Once, before the first byte of a successful body.
bool show_head(Exchange& exchange) {
    if (exchange.head_seen || !exchange.request.on_head)
        return true;
    exchange.head_seen = true;
    exchange.reply.status = exchange.status();
    return exchange.keep(exchange.request.on_head(exchange.reply));
}

bool take_body(Exchange& exchange, ByteView bytes) {
    const long status = exchange.status();
    if (exchange.request.sink && status >= 200 && status < 300) {
        if (!show_head(exchange))
            return false;
        exchange.sink_has_bytes = true;
        return exchange.keep(exchange.request.sink(bytes));
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

bool take_header(Exchange& exchange, std::string_view line) {
    exchange.header_bytes += line.size();
    if (exchange.header_bytes > max_header_bytes) {
        exchange.fail(fmt::format("the reply has more than {} bytes of headers", max_header_bytes));
        return false;
    }
    if (line.starts_with("HTTP/"))
        exchange.reply.headers.clear(); // what came before was an interim reply
    else if (auto colon = line.find(':'); colon != line.npos)
        exchange.reply.headers.emplace_back(lower_case(std::string(trimmed(line.substr(0, colon)))),
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

std::size_t on_upload(char* buffer, std::size_t size, std::size_t count, void* pointer) {
    Exchange& exchange = *static_cast<Exchange*>(pointer);
    const Upload& upload = exchange.request.upload;
    const std::size_t room = std::min<std::uint64_t>(size * count, upload.size - exchange.sent);
    auto taken =
        upload.source->read(upload.offset + exchange.sent, {reinterpret_cast<std::uint8_t*>(buffer), room});
    if (!taken) {
        exchange.error = taken.error();
        return CURL_READFUNC_ABORT;
    }
    exchange.sent += *taken;
    exchange.watch_speed();
    if (exchange.request.upload_progress)
        exchange.request.upload_progress(upload.offset + exchange.sent, upload.source->size());
    return *taken;
}

/// libcurl starts over when a kept connection turns out to be closed.
int on_seek(void* pointer, curl_off_t offset, int origin) {
    if (origin != SEEK_SET || offset < 0)
        return CURL_SEEKFUNC_CANTSEEK;
    Exchange& exchange = *static_cast<Exchange*>(pointer);
    exchange.sent = static_cast<std::uint64_t>(offset);
    exchange.watch_speed();
    return CURL_SEEKFUNC_OK;
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

void set_upload(CURL* curl, Exchange& exchange) {
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_UPLOAD_BUFFERSIZE, upload_buffer);
    curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(exchange.request.upload.size));
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, on_upload);
    curl_easy_setopt(curl, CURLOPT_READDATA, &exchange);
    curl_easy_setopt(curl, CURLOPT_SEEKFUNCTION, on_seek);
    curl_easy_setopt(curl, CURLOPT_SEEKDATA, &exchange);
}

void set_body(CURL* curl, ByteView body) {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.empty() ? "" : as_text(body).data());
}

void set_method(CURL* curl, Exchange& exchange) {
    const HttpRequest& request = exchange.request;
    if (request.method == "HEAD") {
        curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
        return;
    }
    if (!exchange.has_body())
        return;
    if (request.upload.source)
        set_upload(curl, exchange);
    else
        set_body(curl, request.body);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

void set_common(CURL* curl, const Url& url, const std::optional<HttpProxy>& proxy, const HttpTimes& times) {
    curl_easy_setopt(curl, CURLOPT_URL, url.text.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, times.connect);
    curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, download_buffer);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, user_agent);
    curl_easy_setopt(curl, CURLOPT_PROXY, proxy ? proxy->value.c_str() : ""); // "": whatever variables say
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "");
}

/// libcurl's options for one end that speaks TLS.
struct Verification {
    CURLoption peer, host, authorities, authority_file;
};

// One user trusts both, so --ca-file and the like hold for both, as in Go's programs.
constexpr Verification verifications[] = {
    {CURLOPT_SSL_VERIFYPEER, CURLOPT_SSL_VERIFYHOST, CURLOPT_CAINFO_BLOB, CURLOPT_CAINFO},
    {CURLOPT_PROXY_SSL_VERIFYPEER, CURLOPT_PROXY_SSL_VERIFYHOST, CURLOPT_PROXY_CAINFO_BLOB,
     CURLOPT_PROXY_CAINFO},
};

void set_verification(CURL* curl, const TlsSettings& tls, const Verification& options) {
    if (!tls.verify) {
        curl_easy_setopt(curl, options.peer, 0L);
        curl_easy_setopt(curl, options.host, 0L);
    }
    if (!tls.authorities.empty()) {
        // libcurl only reads it: CURL_BLOB_NOCOPY
        curl_blob blob{const_cast<char*>(tls.authorities.data()), tls.authorities.size(), CURL_BLOB_NOCOPY};
        curl_easy_setopt(curl, options.authorities, &blob);
    } else if (!tls.authority_file.empty()) {
        curl_easy_setopt(curl, options.authority_file, tls.authority_file.c_str());
    }
}

void set_tls(CURL* curl, const TlsSettings& tls) {
    for (const Verification& options : verifications)
        set_verification(curl, tls, options);
    if (!tls.client_certificate.empty()) {
        curl_easy_setopt(curl, CURLOPT_SSLCERT, tls.client_certificate.c_str());
        curl_easy_setopt(curl, CURLOPT_SSLKEY, tls.client_key.c_str());
    }
}

void set_callbacks(CURL* curl, Exchange& exchange) {
    const bool streams = exchange.request.sink || exchange.request.upload.source;
    exchange.watch_speed();
    if (!streams)
        curl_easy_setopt(curl, CURLOPT_TIMEOUT, exchange.times.reply);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, exchange.message.data());
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &exchange);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &exchange);
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
     "let --ca-file or SSL_CERT_FILE name a file with the authority of the registry's certificate"},
    // Also what libcurl 7.88 says of an unknown authority behind a proxy that speaks TLS itself.
    {CURLE_SSL_CONNECT_ERROR,
     "if this registry has no TLS, say so with --plain-http; if it has a certificate by an authority of your "
     "own, name that with --ca-file"},
};

constexpr CURLcode passing_failures[] = {
    CURLE_OPERATION_TIMEDOUT, CURLE_SEND_ERROR, CURLE_RECV_ERROR,   CURLE_GOT_NOTHING,
    CURLE_PARTIAL_FILE,       CURLE_HTTP2,      CURLE_HTTP2_STREAM,
};

/// Whether a connection through a proxy ended before the registry could say anything.
bool ended_at_proxy(const Exchange& exchange, CURLcode code) {
    if (!exchange.proxy->speaks_http() || !exchange.made_connection())
        return false;
    if (exchange.request.url.scheme == "https")
        return exchange.tunnel_status() == 0;
    return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CONNECT_ERROR;
}

Error proxy_error(const Exchange& exchange, CURLcode code, std::string_view reason) {
    const HttpProxy& proxy = *exchange.proxy;
    const Url& url = exchange.request.url;
    if (code == CURLE_PEER_FAILED_VERIFICATION)
        return no_tunnel(proxy, url, reason,
                         "let --ca-file or SSL_CERT_FILE name a file with the authority of the proxy's "
                         "certificate");
    return no_tunnel(
        proxy, url, reason,
        fmt::format("{} names that proxy; see whether its address begins with http:// or https://, "
                    "as the proxy needs it",
                    proxy.variable));
}

Error transport_error(const Exchange& exchange, CURLcode code) {
    auto remedy = std::ranges::find(remedies, code, &Remedy::code);
    const char* reason = exchange.message[0] ? exchange.message.data() : curl_easy_strerror(code);
    if (exchange.proxy && exchange.tunnel_status() >= 300)
        return refused_by_proxy(*exchange.proxy, exchange.request.url, exchange.tunnel_status());
    if (exchange.proxy && (code == CURLE_COULDNT_RESOLVE_PROXY || code == CURLE_COULDNT_CONNECT))
        return no_such_proxy(*exchange.proxy, exchange.request.url, reason);
    if (exchange.proxy && ended_at_proxy(exchange, code))
        return proxy_error(exchange, code, reason);
    return {Fault::environment, exchange.request.url.host + ":" + exchange.request.url.port,
            fmt::format("no complete reply from the registry: {}", reason),
            remedy == std::end(remedies) ? general_hint : remedy->hint};
}

ExchangeResult failed(Exchange& exchange, CURLcode code) {
    const Error error = transport_error(exchange, code);
    const long tunnel = exchange.tunnel_status();
    const bool passing = tunnel >= 300
                             ? is_passing_status(tunnel)
                             : std::ranges::find(passing_failures, code) != std::end(passing_failures);
    if (!passing || !(exchange.sink_has_bytes || !exchange.request.repeatable))
        return {.error = error, .passing = passing};
    exchange.reply.broken = error;
    exchange.reply.crawled = code == CURLE_OPERATION_TIMEDOUT;
    return {.reply = std::move(exchange.reply)};
}

} // namespace

ExchangeResult exchange(CURL* curl, const HttpRequest& request, const TlsSettings& tls,
                        const HttpTimes& times) {
    curl_easy_reset(curl); // keeps open connections
    Exchange exchange{.curl = curl, .request = request, .times = times, .proxy = proxy_for(request.url)};
    HeaderList headers = header_list(request);
    set_common(curl, request.url, exchange.proxy, times);
    set_tls(curl, tls);
    set_method(curl, exchange);
    set_callbacks(curl, exchange);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
    const CURLcode code = curl_easy_perform(curl);
    exchange.reply.status = exchange.status();
    exchange.reply.url = request.url;
    const bool through_tunnel = request.url.scheme == "https"; // then it is the registry that speaks
    if (exchange.proxy && !through_tunnel && code == CURLE_OK && exchange.reply.status == 407)
        return {.error = refused_by_proxy(*exchange.proxy, request.url, exchange.reply.status)};
    if (!exchange.error && code == CURLE_OK && exchange.reply.ok())
        show_head(exchange); // an empty body has a head, too
    if (exchange.error)
        return {.error = exchange.error};
    return code == CURLE_OK ? ExchangeResult{.reply = std::move(exchange.reply)} : failed(exchange, code);
}

Result<bool> probe_tls(CURL* curl, const Url& url, const TlsSettings& tls, const HttpTimes& times) {
    curl_easy_reset(curl);
    const HttpRequest request{.method = "HEAD", .url = url};
    Exchange exchange{.curl = curl, .request = request, .times = times, .proxy = proxy_for(url)};
    set_common(curl, url, exchange.proxy, times);
    // Reading the system's authorities would take longer than everything else that a small transfer does.
    set_tls(curl,
            {.verify = false, .client_certificate = tls.client_certificate, .client_key = tls.client_key});
    curl_easy_setopt(curl, CURLOPT_CAINFO, nullptr);
    curl_easy_setopt(curl, CURLOPT_CAPATH, nullptr);
    set_callbacks(curl, exchange);
    curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, probe_seconds);
    const CURLcode code = curl_easy_perform(curl);
    const bool nobody =
        code == CURLE_COULDNT_CONNECT && url.port == "443"; // the other scheme has another port
    if (nobody || code == CURLE_SSL_CONNECT_ERROR || code == CURLE_OPERATION_TIMEDOUT)
        return false;
    if (code != CURLE_OK)
        return std::unexpected(transport_error(exchange, code));
    return true;
}

} // namespace ecc

#include "packager/oci/http_proxy.h"

#include "packager/oci/no_proxy.h"
#include "packager/oci/reference.h"
#include "support/diagnostics.h"
#include "support/letter_case.h"

#include <fmt/format.h>
#include <span>

namespace ecc {
namespace {

constexpr const char* for_http[] = {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"};
constexpr const char* for_https[] = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
constexpr const char* exceptions[] = {"no_proxy", "NO_PROXY"};

using Variable = std::function<const char*(const char*)>;

/// Without one, a proxy speaks HTTP.
std::string scheme_of(std::string_view value) {
    const auto end = value.find("://");
    return end == value.npos ? "http" : lower_case(std::string(value.substr(0, end)));
}

/// HOST:PORT of [SCHEME://][USER:PASSWORD@]HOST:PORT[/]. A password may have any character in it.
std::string place_of(std::string_view value) {
    if (const auto scheme = value.find("://"); scheme != value.npos)
        value.remove_prefix(scheme + 3);
    if (const auto login = value.rfind('@'); login != value.npos)
        value.remove_prefix(login + 1);
    return printable_line(value.substr(0, value.find('/')));
}

/// The name of the first that has a value.
const char* first_set(std::span<const char* const> names, const Variable& variable) {
    for (const char* name : names) {
        // A web server that starts programs calls a client's header "Proxy" so (CVE-2016-5385).
        if (name == std::string_view("HTTP_PROXY") && variable("REQUEST_METHOD"))
            continue;
        if (const char* value = variable(name); value && *value)
            return name;
    }
    return nullptr;
}

bool goes_without(const Url& url, const Variable& variable) {
    const char* name = first_set(exceptions, variable);
    return is_loopback(url.host) || (name && is_excepted(variable(name), url));
}

} // namespace

std::optional<HttpProxy> find_proxy(const Url& url, const Variable& variable) {
    const char* name = first_set(url.scheme == "https" ? for_https : for_http, variable);
    if (!name || goes_without(url, variable))
        return std::nullopt;
    const std::string value = variable(name);
    return HttpProxy{.variable = name, .value = value, .scheme = scheme_of(value), .place = place_of(value)};
}

Error refused_by_proxy(const HttpProxy& proxy, const Url& url, long status) {
    const bool unknown_user = status == 407;
    return {Fault::environment, url.host + ":" + url.port,
            unknown_user ? fmt::format("the proxy {} wants a login", proxy.place)
                         : fmt::format("the proxy {} answers {}", proxy.place, status),
            unknown_user
                ? fmt::format("write it into {}: {}://USER:PASSWORD@{}", proxy.variable, proxy.scheme,
                              proxy.place)
                : fmt::format("{} names that proxy; if {} can be reached without it, list it in no_proxy",
                              proxy.variable, url.host)};
}

Error no_such_proxy(const HttpProxy& proxy, const Url& url, std::string_view reason) {
    const std::string where = url.host + ":" + url.port;
    if (reason.find(proxy.value) != reason.npos) // with the password that may be in it
        return {Fault::environment, where,
                fmt::format("{} is no address of a proxy: {}", proxy.variable, proxy.place),
                "write http://[USER:PASSWORD@]HOST:PORT"};
    return {Fault::environment, where, fmt::format("the proxy {} cannot be reached: {}", proxy.place, reason),
            fmt::format("correct {}, which names it; if {} can be reached without it, list it in no_proxy",
                        proxy.variable, url.host)};
}

Error no_tunnel(const HttpProxy& proxy, const Url& url, std::string_view reason, std::string hint) {
    return {Fault::environment, url.host + ":" + url.port,
            fmt::format("no connection through the proxy {}: {}", proxy.place, reason), std::move(hint)};
}

} // namespace ecc

#include "packager/oci/no_proxy.h"

#include "support/letter_case.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>

namespace ecc {
namespace {

/// Of IPv4 the first four bytes.
struct Address {
    int family = AF_INET;
    std::array<std::uint8_t, 16> bytes{};

    unsigned bits() const { return family == AF_INET ? 32 : 128; }
    bool operator==(const Address&) const = default;
};

std::optional<Address> parse_address(std::string_view text) {
    if (text.starts_with('[') && text.ends_with(']'))
        text = text.substr(1, text.size() - 2);
    for (int family : {AF_INET, AF_INET6}) {
        Address address{.family = family};
        if (inet_pton(family, std::string(text).c_str(), address.bytes.data()) == 1)
            return address;
    }
    return std::nullopt;
}

bool same_start(const Address& one, const Address& other, unsigned bits) {
    const unsigned whole = bits / 8;
    if (!std::equal(one.bytes.begin(), one.bytes.begin() + whole, other.bytes.begin()))
        return false;
    const unsigned left = bits % 8;
    return left == 0 || (one.bytes[whole] ^ other.bytes[whole]) >> (8 - left) == 0;
}

/// Of a network such as 10.0.0.0/8.
bool is_network_of(std::string_view network, const Address& host) {
    const auto slash = network.find('/');
    const auto first = parse_address(network.substr(0, slash));
    const std::string_view length = network.substr(slash + 1);
    unsigned bits = 0;
    const auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), bits);
    return first && error == std::errc() && end == length.data() + length.size() && bits <= first->bits() &&
           first->family == host.family && same_start(*first, host, bits);
}

/// The port of "corp.test:5000" or "[::1]:5000"; of "::1" none.
std::string_view port_of(std::string_view member) {
    const auto colon = member.rfind(':');
    const bool bare_ipv6 = !member.starts_with('[') && colon != member.find(':');
    if (colon == member.npos || bare_ipv6 || member.ends_with(']'))
        return {};
    return member.substr(colon);
}

std::string_view without_dots(std::string_view name) {
    if (name.starts_with('*'))
        name.remove_prefix(1);
    if (name.starts_with('.'))
        name.remove_prefix(1);
    if (name.ends_with('.'))
        name.remove_suffix(1);
    return name;
}

bool is_name_of(std::string_view name, std::string_view host) {
    name = without_dots(name);
    host = without_dots(host);
    if (name.empty() || !host.ends_with(name))
        return false;
    return host.size() == name.size() || host[host.size() - name.size() - 1] == '.';
}

bool excepts(std::string_view member, const Url& url) {
    if (member == "*")
        return true;
    const auto host = parse_address(url.host);
    if (member.find('/') != member.npos)
        return host && is_network_of(member, *host);
    const std::string_view port = port_of(member);
    if (!port.empty() && port.substr(1) != url.port)
        return false;
    member.remove_suffix(port.size());
    return host ? parse_address(member) == host : is_name_of(member, url.host);
}

} // namespace

bool is_excepted(std::string_view list, const Url& url) {
    const std::string lower = lower_case(std::string(list));
    for (std::string_view rest = lower; !rest.empty();) {
        const auto end = std::min(rest.find_first_of(", \t"), rest.size());
        if (excepts(rest.substr(0, end), url))
            return true;
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return false;
}

} // namespace ecc

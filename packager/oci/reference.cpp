#include "packager/oci/reference.h"

#include "support/digest.h"

#include <algorithm>
#include <fmt/format.h>

namespace ecc {
namespace {

constexpr std::string_view layout_prefix = "oci:";
constexpr std::string_view archive_prefix = "oci-archive:";
constexpr std::string_view shapes = "write HOST[:PORT]/NAME:TAG, such as localhost:5000/tools/opensnoop:1, "
                                    "oci:DIR:TAG or oci-archive:FILE:TAG";
constexpr std::size_t max_length = 4096;
constexpr std::size_t max_name_length = 255;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_lower_alnum(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z');
}
bool is_alnum(char c) {
    return is_lower_alnum(c) || (c >= 'A' && c <= 'Z');
}

/// Takes the longest prefix of characters for which `accept` holds.
std::string_view take_while(std::string_view& text, auto accept) {
    auto end = std::ranges::find_if_not(text, accept);
    std::string_view taken = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(taken.size());
    return taken;
}

/// [a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*
bool is_name_component(std::string_view text) {
    for (;;) {
        if (take_while(text, is_lower_alnum).empty())
            return false;
        if (text.empty())
            return true;
        std::string_view separator = take_while(text, [](char c) { return !is_lower_alnum(c); });
        const bool dashes = separator.find_first_not_of('-') == separator.npos;
        if (!dashes && separator != "." && separator != "_" && separator != "__")
            return false;
    }
}

template <class Check> bool all_parts(std::string_view text, char separator, Check check) {
    for (;;) {
        auto end = text.find(separator);
        if (!check(text.substr(0, end)))
            return false;
        if (end == text.npos)
            return true;
        text.remove_prefix(end + 1);
    }
}

bool is_port(std::string_view text) {
    return !text.empty() && text.size() <= 5 && std::ranges::all_of(text, is_digit) &&
           std::stoi(std::string(text)) <= 65535;
}

bool is_domain_label(std::string_view text) {
    return !text.empty() && text.front() != '-' && text.back() != '-' &&
           std::ranges::all_of(text, [](char c) { return is_alnum(c) || c == '-'; });
}

bool is_ipv6(std::string_view text) {
    return text.size() > 3 && text.front() == '[' && text.back() == ']' &&
           text.substr(1, text.size() - 2).find_first_not_of("0123456789abcdefABCDEF:.") == text.npos;
}

struct HostPort {
    std::string_view host;
    std::string_view port; ///< empty if there is none
    bool has_port = false;
};

HostPort split_port(std::string_view text) {
    auto colon = text.rfind(':');
    auto bracket = text.rfind(']');
    if (colon == text.npos || (bracket != text.npos && colon < bracket))
        return {text, {}, false};
    return {text.substr(0, colon), text.substr(colon + 1), true};
}

bool is_host(std::string_view text) {
    HostPort parts = split_port(text);
    if (parts.has_port && !is_port(parts.port))
        return false;
    return parts.host.size() <= 253 && (is_ipv6(parts.host) || all_parts(parts.host, '.', is_domain_label));
}

/// Without this, `tools/opensnoop` would look for a host called "tools".
bool looks_like_host(std::string_view text) {
    return text == "localhost" || text.find_first_of(".:") != text.npos;
}

std::unexpected<Error> bad(std::string_view text, std::string what) {
    return std::unexpected(Error{Fault::usage, std::string(text.substr(0, max_name_length)), std::move(what),
                                 std::string(shapes)});
}

Result<void> take_digest(std::string_view& rest, Reference& reference, std::string_view text) {
    auto at = rest.rfind('@');
    if (at == rest.npos)
        return {};
    reference.digest = rest.substr(at + 1);
    rest = rest.substr(0, at);
    if (!is_sha256_digest(reference.digest))
        return bad(text, fmt::format("\"{}\" is not a digest; expected sha256: and 64 hexadecimal digits",
                                     reference.digest));
    return {};
}

Result<Reference> parse_layout(std::string_view rest, std::string_view text, bool archive) {
    Reference reference;
    if (auto at = rest.rfind("@sha256:"); at != rest.npos)
        ECC_CHECK(take_digest(rest, reference, text));
    auto colon = rest.rfind(':');
    if (colon != rest.npos && rest.find('/', colon) == rest.npos) {
        reference.tag = rest.substr(colon + 1);
        rest = rest.substr(0, colon);
        if (!is_tag(reference.tag))
            return bad(text, fmt::format("\"{}\" is not a tag", reference.tag));
    }
    if (rest.empty() || rest.find('\0') != rest.npos)
        return bad(text, archive ? "names no file" : "names no folder");
    reference.layout = rest;
    reference.archive = archive;
    return reference;
}

/// docker://HOST/NAME of skopeo, https://HOST/NAME of a browser.
Result<void> refuse_scheme(std::string_view text) {
    const auto end = text.find("://");
    if (end == text.npos)
        return {};
    return usage_error(fmt::format("{}: a reference has no scheme", text.substr(0, max_name_length)),
                       fmt::format("write {}", text.substr(end + 3, max_name_length)));
}

/// oci://HOST/NAME of helm; as a layout it would be a folder at the root.
Result<void> refuse_double_slash(std::string_view text) {
    if (!text.substr(layout_prefix.size()).starts_with("//"))
        return {};
    const std::string_view rest = text.substr(layout_prefix.size() + 2, max_name_length);
    return usage_error(fmt::format("{}: a reference has no scheme", text.substr(0, max_name_length)),
                       rest.starts_with('/')
                           ? fmt::format("write {}{} for a folder", layout_prefix, rest)
                           : fmt::format("write {}, or {}DIR:TAG for a folder", rest, layout_prefix));
}

Result<Reference> parse_registry(std::string_view rest, std::string_view text) {
    ECC_CHECK(refuse_scheme(text));
    Reference reference;
    auto slash = rest.find('/');
    if (slash == rest.npos)
        return bad(text, "is not a reference: no host before a \"/\"");
    reference.host = rest.substr(0, slash);
    rest.remove_prefix(slash + 1);
    if (!is_registry_host(reference.host))
        return bad(text,
                   fmt::format("\"{}\" is not a host with a dot or a port, nor localhost", reference.host));
    ECC_CHECK(take_digest(rest, reference, text));
    if (auto colon = rest.rfind(':'); colon != rest.npos) {
        reference.tag = rest.substr(colon + 1);
        rest = rest.substr(0, colon);
        if (!is_tag(reference.tag))
            return bad(text, fmt::format("\"{}\" is not a tag", reference.tag));
    }
    reference.repository = rest;
    if (!is_repository(rest))
        return bad(text,
                   fmt::format("\"{}\" is not a repository name: lower-case letters, digits, and single "
                               "'.', '_' or '-' between them",
                               rest));
    return reference;
}

} // namespace

bool is_repository(std::string_view text) {
    return text.size() <= max_name_length && all_parts(text, '/', is_name_component);
}

bool is_tag(std::string_view text) {
    auto word = [](char c) { return is_alnum(c) || c == '_'; };
    return !text.empty() && text.size() <= max_tag_length && word(text[0]) &&
           std::ranges::all_of(text, [&](char c) { return word(c) || c == '.' || c == '-'; });
}

bool is_digest_tag(std::string_view text) {
    constexpr std::string_view prefix = "sha256-";
    text = text.substr(0, text.find('.'));
    return text.starts_with(prefix) && is_sha256_digest(fmt::format("sha256:{}", text.substr(prefix.size())));
}

bool is_registry_host(std::string_view text) {
    return is_host(text) && looks_like_host(text);
}

std::string Reference::location() const {
    if (!is_layout())
        return host + "/" + repository;
    return std::string(archive ? archive_prefix : layout_prefix) + layout.string();
}

Reference Reference::at(const std::string& manifest_digest) const {
    Reference pinned = *this;
    pinned.tag.clear();
    pinned.digest = manifest_digest;
    return pinned;
}

Reference Reference::tagged(const std::string& other_tag) const {
    Reference named = *this;
    named.tag = other_tag;
    named.digest.clear();
    return named;
}

std::string Reference::text() const {
    return location() + (tag.empty() ? "" : ":" + tag) + (digest.empty() ? "" : "@" + digest);
}

Result<Reference> parse_reference(std::string_view text) {
    if (text.size() > max_length)
        return bad(text, fmt::format("is longer than {} characters", max_length));
    if (text.starts_with(archive_prefix))
        return parse_layout(text.substr(archive_prefix.size()), text, true);
    if (text.starts_with(layout_prefix)) {
        ECC_CHECK(refuse_double_slash(text));
        return parse_layout(text.substr(layout_prefix.size()), text, false);
    }
    return parse_registry(text, text);
}

std::vector<Reference> TaggedReference::all() const {
    std::vector<Reference> references = {reference};
    for (const std::string& tag : more_tags) {
        references.push_back(reference);
        references.back().tag = tag;
    }
    return references;
}

Result<TaggedReference> parse_tagged_reference(std::string_view text) {
    const std::string_view named = text.substr(0, text.find("@sha256:"));
    const auto colon = named.rfind(':');
    const auto comma = colon == named.npos ? named.npos : named.find(',', colon);
    const auto first =
        parse_reference(fmt::format("{}{}", named.substr(0, comma), text.substr(named.size())));
    if (comma == named.npos || !first || first->tag.empty()) { // or the comma is in a folder's name
        ECC_TRY(auto reference, parse_reference(text));
        return TaggedReference{std::move(reference), {}};
    }
    TaggedReference tagged{*first, {}};
    const bool all_are_tags = all_parts(named.substr(comma + 1), ',', [&](std::string_view tag) {
        tagged.more_tags.emplace_back(tag);
        return is_tag(tag);
    });
    if (!all_are_tags)
        return bad(text, fmt::format("\"{}\" is not a tag", tagged.more_tags.back()));
    return tagged;
}

bool is_loopback(std::string_view host) {
    std::string_view name = split_port(host).host;
    const bool dotted_127 = name.starts_with("127.") && std::ranges::count(name, '.') == 3 &&
                            name.find_first_not_of("0123456789.") == name.npos;
    return name == "localhost" || name.ends_with(".localhost") || name == "[::1]" || name == "::1" ||
           dotted_127;
}

} // namespace ecc

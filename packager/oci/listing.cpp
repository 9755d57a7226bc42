#include "packager/oci/listing.h"

#include "packager/json.h"
#include "packager/oci/header_scanner.h"
#include "support/letter_case.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace ecc {
namespace {

constexpr std::size_t max_pages = 1000;
constexpr std::size_t max_page_size = 8u << 20;
constexpr std::size_t max_list_size = 64u << 20; ///< of all pages; any part of it may be kept

Result<bool> take_tags(const std::string& where, const HttpReply& reply, std::vector<std::string>& tags) {
    const auto document = parse_json(reply.body);
    if (!document.is_object() || !document.contains("tags"))
        return input_error(where, "the registry's list of tags has no member \"tags\"");
    if (!document["tags"].is_array()) // docker-registry says null for none
        return true;
    for (const auto& tag : document["tags"]) {
        if (!tag.is_string() || tags.size() == max_tags)
            continue;
        tags.push_back(tag.get<std::string>());
        if (tags.back().size() > max_tag_length)
            return input_error(
                where, fmt::format("the registry lists a tag of more than {} characters", max_tag_length));
    }
    return tags.size() < max_tags;
}

/// Reads the parameters of a link to their end. Only the first `rel` counts (RFC 8288, 3.3).
bool leads_on(HeaderScanner& scanner) {
    std::optional<std::string> relations;
    while (scanner.skip(" \t"), scanner.take(';')) {
        scanner.skip(" \t");
        const std::string name = lower_case(scanner.token());
        scanner.skip(" \t");
        if (!scanner.take('='))
            continue;
        scanner.skip(" \t");
        std::string value = lower_case(scanner.value());
        if (name == "rel" && !relations)
            relations = std::move(value);
    }
    return relations && std::ranges::count(split(*relations, ' '), "next") > 0;
}

std::string next_page(const HttpReply& reply) {
    for (const std::string& header : reply.all_headers("link"))
        if (std::string link = next_link(header); !link.empty())
            return link;
    return {};
}

} // namespace

std::string next_link(std::string_view header) {
    HeaderScanner scanner(header);
    while (scanner.skip(" \t,"), scanner.take('<')) {
        std::string target = scanner.until('>');
        if (leads_on(scanner))
            return target;
    }
    return {};
}

Result<void> for_each_page(RepositoryClient& client, HttpRequest first,
                           const std::function<Result<bool>(const HttpReply&)>& take) {
    HttpRequest request = std::move(first);
    request.reply_limit = max_page_size;
    std::size_t left = max_list_size;
    for (std::set<std::string> seen; seen.size() < max_pages;) {
        if (!seen.insert(request.url.text).second)
            return environment_error(
                client.target().host,
                fmt::format("the pages of a list lead in a circle, to {}", request.url.text),
                "ask the registry's operator");
        ECC_TRY(auto reply, client.send(request));
        if (reply.body.size() > left)
            return environment_error(client.target().host,
                                     fmt::format("a list has more than {} MiB", max_list_size >> 20));
        left -= reply.body.size();
        ECC_TRY(bool more, take(reply));
        const std::string link = next_page(reply);
        if (!more || link.empty())
            return {};
        ECC_TRY(request.url, client.next(reply, link));
        if (!request.url.same_origin(reply.url))
            return environment_error(
                client.target().host,
                fmt::format("sends on to {} for the next page of a list", request.url.origin()),
                "ask the registry's operator; what another host says is not taken for its list");
    }
    return environment_error(client.target().host, fmt::format("a list has more than {} pages", max_pages));
}

Result<std::vector<std::string>> list_tags(RepositoryClient& client) {
    ECC_TRY(auto get, client.request("GET", "tags/list"));
    std::vector<std::string> tags;
    ECC_CHECK(for_each_page(client, std::move(get), [&](const HttpReply& reply) -> Result<bool> {
        if (reply.status == 404)
            return input_error(client.where(), "no such repository",
                               "check the name, or push something into it first");
        if (!reply.ok())
            return std::unexpected(client.failure("list the tags", reply));
        return take_tags(client.where(), reply, tags);
    }));
    std::ranges::sort(tags);
    tags.erase(std::ranges::unique(tags).begin(), tags.end());
    return tags;
}

} // namespace ecc

#include "packager/oci/listing.h"

#include "packager/json.h"

#include <algorithm>
#include <fmt/format.h>

namespace ecc {
namespace {

constexpr int max_pages = 1000;
constexpr std::size_t max_page_size = 8u << 20;

Result<bool> take_tags(const std::string& where, const HttpReply& reply, std::vector<std::string>& tags) {
    const auto document = parse_json(reply.body);
    if (!document.is_object() || !document.contains("tags"))
        return input_error(where, "the registry's list of tags has no member \"tags\"");
    if (document["tags"].is_array()) // docker-registry says null for none
        for (const auto& tag : document["tags"])
            if (tag.is_string() && tags.size() < max_tags)
                tags.push_back(tag.get<std::string>());
    return tags.size() < max_tags;
}

} // namespace

std::string next_link(std::string_view header) {
    const auto open = header.find('<');
    const auto close = header.find('>', open == header.npos ? 0 : open);
    if (open == header.npos || close == header.npos)
        return {};
    const std::string_view parameters = header.substr(close + 1);
    if (parameters.find("rel=\"next\"") == parameters.npos && parameters.find("rel=next") == parameters.npos)
        return {};
    return std::string(header.substr(open + 1, close - open - 1));
}

Result<void> for_each_page(RepositoryClient& client, HttpRequest first,
                           const std::function<Result<bool>(const HttpReply&)>& take) {
    HttpRequest request = std::move(first);
    request.reply_limit = max_page_size;
    for (int page = 0; page < max_pages; page++) {
        ECC_TRY(auto reply, client.send(request));
        ECC_TRY(bool more, take(reply));
        const std::string link = next_link(reply.header("link"));
        if (!more || link.empty())
            return {};
        ECC_TRY(request.url, client.next(reply, link));
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

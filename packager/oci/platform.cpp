#include "packager/oci/platform.h"

#include "packager/json.h"

#include <algorithm>
#include <fmt/format.h>

namespace ecc {
namespace {

constexpr std::size_t max_name = 64;

bool is_name(std::string_view text) {
    return !text.empty() && text.size() <= max_name && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
               c == '_' || c == '-';
    });
}

} // namespace

Result<Platform> parse_platform(std::string_view text) {
    const auto os_end = text.find('/');
    const auto architecture_end = os_end == text.npos ? os_end : text.find('/', os_end + 1);
    Platform platform{.os = std::string(text.substr(0, os_end))};
    if (os_end != text.npos)
        platform.architecture = text.substr(os_end + 1, architecture_end - os_end - 1);
    if (architecture_end != text.npos)
        platform.variant = text.substr(architecture_end + 1);
    if (is_name(platform.os) && is_name(platform.architecture) &&
        (architecture_end == text.npos || is_name(platform.variant)))
        return platform;
    return usage_error(fmt::format("\"{}\" is not a platform", text),
                       "write OS/ARCH[/VARIANT], such as linux/arm64 or linux/arm/v7");
}

std::string platform_text(const Platform& platform) {
    return platform.os + "/" + platform.architecture +
           (platform.variant.empty() ? "" : "/" + platform.variant);
}

bool is_for(const Platform& found, const Platform& wanted) {
    return found.os == wanted.os && found.architecture == wanted.architecture &&
           (wanted.variant.empty() || found.variant == wanted.variant);
}

Platform platform_from_json(const nlohmann::json& document) {
    return {.os = string_at(document, "os"),
            .architecture = string_at(document, "architecture"),
            .variant = string_at(document, "variant")};
}

nlohmann::json platform_to_json(const Platform& platform) {
    nlohmann::json document = {{"architecture", platform.architecture}, {"os", platform.os}};
    if (!platform.variant.empty())
        document["variant"] = platform.variant;
    return document;
}

} // namespace ecc

#include "packager/oci/platform_choice.h"

#include "packager/oci/image_index.h"
#include "packager/oci/index_entry.h"
#include "packager/oci/transfer.h"
#include "support/diagnostics.h"

#include <fmt/ranges.h>
#include <set>

namespace ecc {
namespace {

constexpr std::size_t max_listed_platforms = 20;

std::string platforms_of(const ImageIndex& index) {
    std::set<std::string> platforms;
    for (const Descriptor& entry : index.manifests)
        if (entry.platform)
            platforms.insert(printable_line(platform_text(*entry.platform)));
    if (platforms.empty())
        return "it names none";
    const std::size_t count = platforms.size();
    if (count > max_listed_platforms)
        platforms.erase(std::next(platforms.begin(), max_listed_platforms), platforms.end());
    const std::string more =
        count > max_listed_platforms ? fmt::format(" and {} more", count - max_listed_platforms) : "";
    return fmt::format("the platforms are {}{}", fmt::join(platforms, ", "), more);
}

Result<Descriptor> choose_entry(const Reference& reference, const StoredManifest& named,
                                const Platform& platform) {
    ECC_TRY(auto index, image_index_from_json(named.text, named.media_type, reference.text()));
    for (Descriptor& entry : index.manifests)
        if (entry.platform && is_for(*entry.platform, platform))
            return std::move(entry);
    return input_error(
        reference.text(),
        fmt::format("the index has nothing for {}; {}", platform_text(platform), platforms_of(index)),
        "name one of them with --platform, or a manifest by digest");
}

/// Of what is no index.
Result<void> check_platform(Store& store, const Reference& reference, const StoredManifest& named,
                            const Platform& platform) {
    ECC_TRY(const auto found, fetch_platform(store, reference, named));
    if (!found)
        return input_error(reference.text(), "does not say which platform it is for",
                           "leave --platform out: this is no index");
    if (!is_for(*found, platform))
        return input_error(reference.text(),
                           fmt::format("is for {}, not for {}", printable_line(platform_text(*found)),
                                       platform_text(platform)),
                           "leave --platform out: this is no index");
    return {};
}

} // namespace

Result<StoredManifest> choose_manifest(Store& store, const Reference& reference, StoredManifest named,
                                       const Platform& platform) {
    if (is_index(named.media_type)) {
        ECC_TRY(const auto entry, choose_entry(reference, named, platform));
        return fetch_manifest(store, reference.at(entry.digest));
    }
    ECC_CHECK(check_platform(store, reference, named, platform));
    return named;
}

Result<StoredManifest> fetch_manifest(Store& store, const Reference& reference,
                                      const std::optional<Platform>& platform) {
    ECC_TRY(auto named, fetch_manifest(store, reference));
    if (!platform)
        return named;
    return choose_manifest(store, reference, std::move(named), *platform);
}

Result<Descriptor> find_descriptor(Store& store, const Reference& reference,
                                   const std::optional<Platform>& platform) {
    ECC_TRY(const auto named, fetch_manifest(store, reference));
    if (platform && is_index(named.media_type))
        return choose_entry(reference, named, *platform);
    if (platform)
        ECC_CHECK(check_platform(store, reference, named, *platform));
    return named.descriptor();
}

} // namespace ecc

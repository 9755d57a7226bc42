#include "packager/oci/referrers.h"

#include "packager/json.h"
#include "packager/oci/image_index.h"
#include "packager/oci/listing.h"
#include "packager/oci/manifest_links.h"
#include "packager/oci/manifest_requests.h"
#include "packager/oci/tag_revision.h"

#include <algorithm>
#include <fmt/format.h>

namespace ecc {
namespace {

using nlohmann::json;

constexpr std::size_t max_completed = 100;

/// The entries as they are, with members that we do not know, so that rewriting the index loses nothing.
Result<json> entries_of(const std::optional<StoredManifest>& index, const std::string& where) {
    if (!index)
        return json::array();
    ECC_CHECK(image_index_from_json(index->text, index->media_type, where));
    return parse_json(index->text)["manifests"];
}

bool contains(const json& entries, const std::string& digest) {
    return std::ranges::any_of(entries,
                               [&](const json& entry) { return string_at(entry, "digest") == digest; });
}

StoredManifest index_of(json entries) {
    return {std::string(media_type::image_index), json_text({{"schemaVersion", 2},
                                                             {"mediaType", media_type::image_index},
                                                             {"manifests", std::move(entries)}})};
}

using EntriesChange = std::function<Result<bool>(json&)>;

/// `change` returns whether it changed anything.
Result<void> change_fallback(RepositoryClient& client, const std::string& subject,
                             const EntriesChange& change) {
    const std::string tag = fallback_tag(subject);
    using Index = std::optional<StoredManifest>;
    return revise_tag(client, tag, [&](const Index& stored) -> Result<Index> {
        ECC_TRY(auto entries, entries_of(stored, client.where() + ":" + tag));
        ECC_TRY(const bool changed, change(entries));
        return changed ? Index(index_of(std::move(entries))) : std::nullopt;
    });
}

/// cosign's fall-back index and go-containerregistry's API list artifacts under their config's type, which is
/// the empty one: the manifest knows better.
Result<void> complete(RepositoryClient& client, Descriptor& entry) {
    if (!entry.artifact_type.empty() && entry.artifact_type != media_type::empty)
        return {};
    ECC_TRY(auto stored, fetch_manifest(client, entry.digest));
    if (!stored || stored->descriptor().digest != entry.digest)
        return {};
    if (auto links = manifest_links(*stored, client.where()))
        entry = referrer_entry(entry, *links);
    return {};
}

Result<std::vector<Descriptor>> listed_by_fallback(RepositoryClient& client, const std::string& digest) {
    const std::string tag = fallback_tag(digest);
    ECC_TRY(const auto index, fetch_manifest(client, tag));
    if (!index)
        return std::vector<Descriptor>();
    ECC_TRY(auto listed, image_index_from_json(index->text, index->media_type, client.where() + ":" + tag));
    return std::move(listed.manifests);
}

bool is_index(const HttpReply& reply) {
    return reply.status == 200 && reply.header("content-type").starts_with(media_type::image_index);
}

/// Registries without the API answer with an error or a web page.
bool says_unsupported(const HttpReply& reply) {
    return reply.ok() || reply.status == 400 || reply.status == 404 || reply.status == 405 ||
           reply.status == 501;
}

} // namespace

std::string fallback_tag(const std::string& digest) {
    std::string tag = digest;
    std::ranges::replace(tag, ':', '-');
    return tag;
}

Result<std::vector<Descriptor>> list_referrers(RepositoryClient& client, const std::string& digest) {
    ECC_TRY(auto get, client.request("GET", "referrers/" + digest));
    get.headers = {fmt::format("Accept: {}", media_type::image_index)};
    std::vector<Descriptor> referrers;
    bool supported = true;
    ECC_CHECK(for_each_page(client, std::move(get), [&](const HttpReply& reply) -> Result<bool> {
        if (!is_index(reply)) {
            if (!referrers.empty() || !says_unsupported(reply))
                return std::unexpected(client.failure("list the referrers", reply));
            supported = false;
            return false;
        }
        ECC_TRY(auto index, image_index_from_json(reply.body, media_type::image_index, client.where()));
        std::ranges::move(index.manifests, std::back_inserter(referrers));
        return referrers.size() < max_index_entries;
    }));
    if (!supported) {
        ECC_TRY(referrers, listed_by_fallback(client, digest));
    }
    for (std::size_t i = 0; i < std::min(referrers.size(), max_completed); i++)
        ECC_CHECK(complete(client, referrers[i]));
    return referrers;
}

Result<void> add_to_fallback(RepositoryClient& client, const std::string& subject, const Descriptor& entry) {
    return change_fallback(client, subject, [&](json& entries) -> Result<bool> {
        if (contains(entries, entry.digest))
            return false;
        if (entries.size() >= max_index_entries)
            return environment_error(client.where(),
                                     fmt::format("{} has {} referrers already", subject, entries.size()));
        entries.push_back(descriptor_to_json(entry));
        return true;
    });
}

Result<void> remove_from_fallback(RepositoryClient& client, const std::string& subject,
                                  const std::string& digest) {
    return change_fallback(client, subject, [&](json& entries) -> Result<bool> {
        json kept = json::array();
        for (const json& entry : entries)
            if (string_at(entry, "digest") != digest)
                kept.push_back(entry);
        std::swap(entries, kept);
        return entries.size() != kept.size();
    });
}

} // namespace ecc

#include "packager/oci/copy.h"

#include "packager/oci/checked_sink.h"
#include "packager/oci/joint_progress.h"
#include "packager/oci/manifest_links.h"
#include "packager/oci/referrers.h"
#include "packager/oci/transfer.h"

#include <fmt/format.h>
#include <set>

namespace ecc {
namespace {

constexpr std::size_t max_depth = 8;
constexpr std::size_t max_manifest_bytes = 64u << 20; ///< of all manifests of one copy together

/// cosign finds what belongs to the manifest sha256:HEX under the tags sha256-HEX.sig and so on (cosign,
/// specs/SIGNATURE_SPEC.md).
constexpr const char* companion_suffixes[] = {".sig", ".att", ".sbom"};

struct PlannedManifest {
    StoredManifest stored;
    std::string tag; ///< of the target; empty for none
};

/// What is to be copied, found before anything is.
struct Plan {
    std::vector<PlannedManifest> manifests; ///< each after those that it lists
    std::vector<Descriptor> blobs;

    std::uint64_t size() const {
        std::uint64_t total = 0;
        for (const Descriptor& blob : blobs)
            total += blob.size;
        return total;
    }
};

/// Layers that only their publisher may hand out stay where their URLs say (image specification 1.1,
/// layer.md).
bool may_be_copied(const Descriptor& blob) {
    return blob.media_type.find(".nondistributable.") == std::string::npos &&
           blob.media_type.find(".foreign.") == std::string::npos;
}

class Planner {
public:
    Planner(Store& from, const Reference& source, const CopyOptions& options)
        : from_(from), source_(source), options_(options) {}

    Result<Plan> plan(StoredManifest root, const std::string& tag) {
        ECC_CHECK(add({std::move(root), tag}, 0));
        return std::move(plan_);
    }

private:
    Result<void> add(PlannedManifest planned, std::size_t depth) {
        const StoredManifest& manifest = planned.stored;
        const Descriptor descriptor = manifest.descriptor();
        if (!manifests_.insert(descriptor.digest).second)
            return {};
        total_ += manifest.text.size();
        if (depth == max_depth || total_ > max_manifest_bytes)
            return input_error(source_.text(), depth == max_depth ? "its indexes are nested too deeply"
                                                                  : "has more than 64 MiB of manifests");
        ECC_TRY(auto links, manifest_links(manifest, source_.text()));
        take_blobs(links.blobs);
        ECC_CHECK(add_all(links.manifests, depth + 1));
        plan_.manifests.push_back(std::move(planned));
        if (!options_.referrers)
            return {};
        ECC_CHECK(add_referrers(descriptor.digest, depth + 1));
        return add_companions(descriptor.digest);
    }

    /// Clients that delete a manifest may leave it in the list of what it referred to.
    Result<void> add_referrers(const std::string& subject, std::size_t depth) {
        ECC_TRY(auto listed, from_.referrers(subject));
        for (const Descriptor& referrer : listed) {
            if (manifests_.contains(referrer.digest))
                continue;
            ECC_TRY(auto stored, find_manifest(from_, source_.at(referrer.digest)));
            if (stored) {
                ECC_CHECK(add({std::move(*stored), ""}, depth));
            } else if (options_.notice) {
                options_.notice(
                    fmt::format("{} is listed as a referrer of {}, and is not there; it is left out",
                                referrer.digest, source_.at(subject).text()));
            }
        }
        return {};
    }

    /// They have none themselves.
    Result<void> add_companions(const std::string& digest) {
        for (const char* suffix : companion_suffixes) {
            const std::string tag = fallback_tag(digest) + suffix;
            ECC_TRY(auto stored, from_.find_manifest(tag));
            if (!stored)
                continue;
            ECC_TRY(auto links, manifest_links(*stored, source_.location() + ":" + tag));
            take_blobs(links.blobs);
            plan_.manifests.push_back({std::move(*stored), tag});
        }
        return {};
    }

    void take_blobs(const std::vector<Descriptor>& blobs) {
        for (const Descriptor& blob : blobs)
            if (may_be_copied(blob) && blobs_.insert(blob.digest).second)
                plan_.blobs.push_back(blob);
    }

    Result<void> add_all(const std::vector<Descriptor>& manifests, std::size_t depth) {
        for (const Descriptor& manifest : manifests) {
            if (manifests_.contains(manifest.digest))
                continue;
            ECC_TRY(auto stored, fetch_manifest(from_, source_.at(manifest.digest)));
            ECC_CHECK(add({std::move(stored), ""}, depth));
        }
        return {};
    }

    Store& from_;
    const Reference& source_;
    const CopyOptions& options_;
    Plan plan_;
    std::set<std::string> manifests_, blobs_; ///< seen; the same bytes may be both
    std::size_t total_ = 0;
};

/// Whether it is the source that is wrong, for whom the target's refusal would be misleading.
Result<void> check_content(const Reference& source, const Descriptor& blob, const BlobSource& content) {
    ECC_TRY(const auto found, describe(blob.media_type, content));
    return found.digest == blob.digest ? Result<void>()
                                       : wrong_digest(source.text(), "blob", found.digest, blob.digest);
}

/// The target compares what comes with the descriptor; what it finds wrong is the source's fault.
Result<void> copy_stream(Store& from, const Reference& source, Store& to, const Descriptor& blob,
                         const Progress& progress) {
    auto stored = to.put_stream(blob, [&](const Sink& sink) { return from.get_blob(blob, sink); }, progress);
    if (!stored && stored.error().fault == Fault::input)
        stored.error().where = source.text();
    return stored;
}

Result<void> copy_blob(Store& from, const Reference& source, Store& to, const Descriptor& blob,
                       JointProgress& progress) {
    ECC_TRY(bool there, to.has_blob(blob));
    if (!there && !source.is_layout()) {
        ECC_TRY(there, to.mount_blob(blob, source));
    }
    if (there) {
        progress.skip(blob.size);
        return {};
    }
    ECC_TRY(auto content, from.open_blob(blob));
    if (content && content->size() != blob.size)
        return input_error(source.text(), fmt::format("{} has {} bytes; the manifest says {}", blob.digest,
                                                      content->size(), blob.size));
    const Progress part = progress.part();
    if (!content)
        return copy_stream(from, source, to, blob, part);
    auto stored = to.put_blob(blob, *content, part);
    if (!stored)
        ECC_CHECK(check_content(source, blob, *content));
    return stored;
}

} // namespace

Result<Descriptor> copy(Store& from, const Reference& source, Store& to, const Reference& target,
                        const CopyOptions& options) {
    ECC_TRY(auto root, fetch_manifest(from, source));
    const Descriptor descriptor = root.descriptor();
    if (!target.digest.empty() && target.digest != descriptor.digest)
        return input_error(target.text(), fmt::format("the source has digest {}", descriptor.digest),
                           "leave the digest out, or copy what it names");
    ECC_TRY(auto plan, Planner(from, source, options).plan(std::move(root), target.tag));
    JointProgress progress(plan.size(), options.progress);
    ECC_CHECK(for_each_parallel(plan.blobs.size(), options.concurrency, [&](std::size_t i) {
        return copy_blob(from, source, to, plan.blobs[i], progress);
    }));
    for (const auto& [stored, tag] : plan.manifests)
        ECC_CHECK(to.put_manifest(stored.descriptor(), stored.text, tag));
    return descriptor;
}

} // namespace ecc

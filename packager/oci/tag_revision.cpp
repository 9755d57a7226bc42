#include "packager/oci/tag_revision.h"

#include "packager/oci/manifest_requests.h"

#include <algorithm>
#include <fmt/format.h>

namespace ecc {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr int max_looks = 20;
constexpr int max_doublings = 4;
/// A writer that takes longer than this many of our own changes may be missed.
constexpr int patience = 4;
constexpr milliseconds shortest_pause{100};
constexpr milliseconds longest_pause{2000};

std::string digest_of(const TagVersion& version) {
    return version.manifest ? version.manifest->descriptor().digest : "";
}

class TagRevision {
public:
    TagRevision(RepositoryClient& client, const std::string& tag, const Revision& revise)
        : client_(client), tag_(tag), revise_(revise) {}

    Result<void> run() {
        bool done = false;
        for (int looks = 0; looks < max_looks && !done; looks++) {
            if (looks)
                client_.limits().retry.pause(next_pause());
            ECC_TRY(done, look());
        }
        if (done || kept_)
            return {};
        return environment_error(client_.where(),
                                 fmt::format("other clients keep replacing the tag {}", tag_), "try again");
    }

private:
    /// True if nothing is left to do.
    Result<bool> look() {
        const auto begun = Clock::now();
        ECC_TRY(auto version, fetch_version(client_, tag_));
        ECC_TRY(const auto revised, revise_(version.manifest));
        kept_ = !revised;
        const bool settled = kept_ && (writes_ == 0 || digest_of(version) == last_);
        last_ = digest_of(version);
        if (!kept_) {
            ECC_CHECK(write(version, *revised));
            took_ = std::chrono::duration_cast<milliseconds>(Clock::now() - begun);
        }
        return settled;
    }

    /// A proxy may change the ETag that the registry compares with, which then refuses for ever: no condition
    /// is tried twice.
    Result<void> write(const TagVersion& version, const StoredManifest& revised) {
        writes_++;
        const Descriptor manifest = revised.descriptor();
        if (refused_ == last_) {
            ECC_CHECK(store_manifest(client_, manifest, revised.text, tag_));
        } else {
            ECC_TRY(const bool replaced, replace_version(client_, version, revised, tag_));
            if (!replaced) {
                refused_ = last_;
                return {};
            }
        }
        last_ = manifest.digest;
        return {};
    }

    milliseconds next_pause() const {
        const milliseconds doubled = shortest_pause * (1 << std::clamp(writes_ - 1, 0, max_doublings));
        return jittered(std::min(std::max(doubled, took_ * patience), longest_pause), 1, 2);
    }

    RepositoryClient& client_;
    const std::string& tag_;
    const Revision& revise_;
    int writes_ = 0;
    bool kept_ = false;                  ///< our change was there at the last look
    std::string last_;                   ///< the digest behind the tag as we know it; empty for none
    std::optional<std::string> refused_; ///< the digest that a condition was about that failed
    milliseconds took_{};                ///< from reading to having written
};

} // namespace

Result<void> revise_tag(RepositoryClient& client, const std::string& tag, const Revision& revise) {
    return TagRevision(client, tag, revise).run();
}

} // namespace ecc

#include "packager/oci/store.h"

#include "packager/oci/archive.h"
#include "packager/oci/checked_sink.h"
#include "packager/oci/layout.h"
#include "packager/oci/registry.h"
#include "support/diagnostics.h"

#include <algorithm>
#include <fmt/format.h>

namespace ecc {
namespace {

constexpr std::size_t max_listed_tags = 20;

std::string joined(const std::vector<std::string>& tags) {
    std::string text;
    for (std::size_t i = 0; i < std::min(tags.size(), max_listed_tags); i++)
        text += (i ? ", " : "") + printable_line(tags[i]);
    return tags.size() > max_listed_tags ? text + fmt::format(" and {} more", tags.size() - max_listed_tags)
                                         : text;
}

} // namespace

Result<void> Store::put_stream(const Descriptor& blob, const Producer& produce, const Progress& progress) {
    const std::string where = blob.digest;
    Spool spool(where);
    const Sink keep = [&](ByteView bytes) { return spool.write(bytes); };
    const Progress nobody;
    CheckedSink checked(where, blob, keep, nobody);
    ECC_CHECK(produce([&](ByteView bytes) { return checked.take(bytes); }));
    ECC_CHECK(checked.finish());
    ECC_TRY(auto content, spool.finish());
    return put_blob(blob, *content, progress);
}

Result<std::unique_ptr<BlobSource>> Store::open_blob(const Descriptor&) {
    return nullptr;
}

Error unknown_selector(const std::string& where, const std::string& selector, std::vector<std::string> tags) {
    std::erase_if(tags, is_digest_tag);
    std::ranges::sort(tags);
    std::string what = selector.empty()                  ? "no tag or digest given"
                       : selector.starts_with("sha256:") ? fmt::format("no manifest {}", selector)
                                                         : fmt::format("no tag \"{}\"", selector);
    if (tags.empty())
        return {Fault::input, where, what + "; there are no tags, or no such repository",
                "check the name, or push the package first"};
    return {Fault::input, where, fmt::format("{}; the tags are {}", what, joined(tags)), "name one of them"};
}

Result<std::unique_ptr<Store>> open_store(const Reference& reference, const StoreOptions& options) {
    if (reference.archive)
        return Archive::open(reference, options);
    return reference.is_layout() ? Layout::open(reference, options) : Registry::open(reference, options);
}

} // namespace ecc

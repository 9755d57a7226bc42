#include "packager/oci/layout.h"

#include "packager/json.h"
#include "packager/oci/checked_sink.h"
#include "packager/oci/folder_lock.h"
#include "packager/oci/image_manifest.h"
#include "packager/oci/manifest_links.h"
#include "packager/oci/referrers.h"
#include "support/digest.h"
#include "support/files.h"
#include "support/staged_file.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace ecc {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr std::string_view layout_file = R"({"imageLayoutVersion":"1.0.0"})";
constexpr const char* not_a_folder = "is a file; expected a folder";
constexpr const char* archive_hint = "name a tar archive as oci-archive:FILE:TAG";
constexpr std::size_t max_index_size = 16u << 20;
constexpr std::size_t max_layout_file_size = 4096;

constexpr const char* damaged_layout_hint =
    "push into a new folder, or restore the layout from where it was copied";

std::unexpected<Error> no_blob(const std::string& where, const std::string& digest) {
    return input_error(where, fmt::format("the layout does not have {}", digest), "push the package again");
}

} // namespace

Result<std::unique_ptr<Store>> Layout::open(const Reference& reference, const StoreOptions& options) {
    std::unique_ptr<Layout> layout(new Layout(reference.layout, reference.location(), options.notice));
    std::error_code ignored;
    const bool absent = !fs::exists(layout->root_ / "oci-layout", ignored);
    if (absent && options.access == Access::push)
        ECC_CHECK(layout->create());
    ECC_CHECK(layout->check());
    return layout;
}

Result<void> Layout::create() const {
    std::error_code error;
    if (fs::exists(root_, error) && !fs::is_directory(root_, error))
        return input_error(where_, not_a_folder, archive_hint);
    if (fs::exists(root_, error) && !fs::is_empty(root_, error))
        return input_error(where_, "is a folder with other content, not an OCI layout",
                           "name a new or empty folder");
    fs::create_directories(root_ / "blobs/sha256", error);
    if (error)
        return environment_error(where_, fmt::format("cannot create the folder: {}", error.message()),
                                 "name a folder in a place where you may write and there is room");
    ECC_CHECK(write_file(root_ / "index.json", as_bytes(LayoutIndex::empty().text())));
    return write_file(root_ / "oci-layout", as_bytes(layout_file));
}

Error Layout::no_layout() const {
    constexpr const char* hint = "check the path, or make one with `ecc push FILE oci:DIR:TAG`";
    std::error_code ignored;
    if (!fs::exists(root_, ignored))
        return {Fault::input, where_, "there is no such folder", hint};
    if (!fs::is_directory(root_, ignored))
        return {Fault::input, where_, not_a_folder, archive_hint};
    return {Fault::input, where_, "is not an OCI layout: it has no file oci-layout", hint};
}

Result<void> Layout::check() const {
    std::error_code ignored;
    if (!fs::exists(root_ / "oci-layout", ignored))
        return std::unexpected(no_layout());
    ECC_TRY(auto bytes, read_part("oci-layout", max_layout_file_size));
    const json document = parse_json(as_text(bytes));
    std::string version = document.is_object() ? string_at(document, "imageLayoutVersion") : "";
    if (!version.starts_with("1."))
        return input_error(where_, fmt::format("is an OCI layout of version \"{}\"; expected 1", version));
    return {};
}

fs::path Layout::blob_path(const std::string& digest) const {
    return root_ / "blobs/sha256" / digest.substr(digest.find(':') + 1);
}

/// A damaged copy does not count, so that a push repairs it.
Result<bool> Layout::has_blob(const Descriptor& blob) {
    auto file = FileSource::open(blob_path(blob.digest));
    if (!file || (*file)->size() != blob.size)
        return false;
    auto found = describe(blob.media_type, **file);
    return found && found->digest == blob.digest;
}

Result<std::uint64_t> Layout::blob_size(const std::string& digest) {
    ECC_TRY(auto file, open_blob({.digest = digest}));
    return file->size();
}

Result<void> Layout::put_blob(const Descriptor& blob, const BlobSource& content, const Progress& progress) {
    return put_stream(blob, [&](const Sink& sink) { return pour(content, sink); }, progress);
}

Result<void> Layout::put_stream(const Descriptor& blob, const Producer& produce, const Progress& progress) {
    std::error_code error;
    fs::create_directories(root_ / "blobs/sha256", error);
    ECC_TRY(auto file, StagedFile::create(blob_path(blob.digest)));
    const Sink write = [&](ByteView bytes) { return file.write(bytes); };
    CheckedSink checked(where_, blob, write, progress);
    ECC_CHECK(produce([&](ByteView bytes) { return checked.take(bytes); }));
    ECC_CHECK(checked.finish());
    return file.commit();
}

Result<std::unique_ptr<BlobSource>> Layout::open_blob(const Descriptor& blob) {
    std::error_code ignored;
    if (!is_sha256_digest(blob.digest) || !fs::exists(blob_path(blob.digest), ignored))
        return no_blob(where_, blob.digest);
    auto file = FileSource::open(blob_path(blob.digest));
    if (!file)
        file.error().hint = damaged_hint;
    return file;
}

Result<void> Layout::get_blob(const Descriptor& blob, const Sink& sink) {
    ECC_TRY(auto file, open_blob(blob));
    return pour(*file, sink);
}

Result<bool> Layout::mount_blob(const Descriptor&, const Reference&) {
    return false;
}

Result<Bytes> Layout::read_part(const char* name, std::size_t limit) const {
    auto bytes = read_regular_file(root_ / name, limit);
    if (!bytes)
        bytes.error().hint = damaged_layout_hint;
    return bytes;
}

Result<const LayoutIndex*> Layout::read_index() {
    ECC_TRY(auto bytes, read_part("index.json", max_index_size));
    if (known_ && known_->text == bytes)
        return &known_->index;
    auto index = LayoutIndex::parse(as_text(bytes), where_);
    if (!index) {
        index.error().hint = damaged_layout_hint;
        return std::unexpected(std::move(index.error()));
    }
    known_.emplace(std::move(bytes), std::move(*index), std::nullopt);
    return &known_->index;
}

Result<void> Layout::change_index(const std::function<Result<void>(LayoutIndex&)>& change) {
    ECC_TRY(auto lock, FolderLock::take(root_, where_, notice_));
    ECC_TRY(const LayoutIndex* current, read_index());
    LayoutIndex index = *current;
    ECC_CHECK(change(index));
    return write_file(root_ / "index.json", as_bytes(index.text()));
}

Result<void> Layout::put_manifest(const Descriptor& manifest, std::string_view text, const std::string& tag) {
    ECC_TRY(auto links, manifest_links({manifest.media_type, std::string(text)}, where_));
    ECC_CHECK(put_blob(manifest, MemorySource(as_bytes(text)), {}));
    return change_index([&](LayoutIndex& index) -> Result<void> {
        ECC_TRY(const auto reached, without_referrers(index, links.manifests));
        index.drop_untagged(reached);
        index.add(manifest, tag);
        return {};
    });
}

/// Of what an index lists, that which is reached through it alone: referrers are looked for in index.json.
Result<std::vector<Descriptor>> Layout::without_referrers(const LayoutIndex& index,
                                                          const std::vector<Descriptor>& listed) const {
    std::vector<Descriptor> reached;
    for (const Descriptor& manifest : listed) {
        if (!index.find(manifest.digest))
            continue;
        ECC_TRY(const auto found, referrer(manifest));
        if (!found)
            reached.push_back(manifest);
    }
    return reached;
}

Result<void> Layout::revise_manifest(const std::string& tag, const Revision& revise) {
    return change_index([&](LayoutIndex& index) -> Result<void> {
        ECC_TRY(const auto stored, find_in(index, tag));
        ECC_TRY(const auto revised, revise(stored));
        if (!revised)
            return {};
        const Descriptor manifest = revised->descriptor();
        ECC_CHECK(put_blob(manifest, MemorySource(as_bytes(revised->text)), {}));
        index.add(manifest, tag);
        return {};
    });
}

Result<StoredManifest> Layout::read_manifest(const std::string& digest, const std::string& media_type) const {
    std::error_code ignored;
    if (!fs::exists(blob_path(digest), ignored))
        return no_blob(where_, digest);
    auto bytes = read_regular_file(blob_path(digest), max_image_manifest_size);
    if (!bytes) {
        bytes.error().hint = damaged_hint;
        return std::unexpected(std::move(bytes.error()));
    }
    if (std::string found = sha256_digest(*bytes); found != digest)
        return wrong_digest(where_, "manifest", found, digest);
    return StoredManifest{media_type, std::string(as_text(*bytes))};
}

/// One that only an index names; its own document says what it is.
Result<std::optional<StoredManifest>> Layout::unlisted_manifest(const std::string& digest) const {
    std::error_code ignored;
    if (!is_sha256_digest(digest) || !fs::exists(blob_path(digest), ignored))
        return std::nullopt;
    ECC_TRY(auto manifest, read_manifest(digest, ""));
    manifest.media_type = own_media_type(manifest.text);
    if (!manifest_links(manifest, where_))
        return std::nullopt;
    return manifest;
}

Result<std::optional<StoredManifest>> Layout::find_in(const LayoutIndex& index,
                                                      const std::string& selector) const {
    const json* entry = index.find(selector);
    if (!entry)
        return unlisted_manifest(selector);
    ECC_TRY(auto descriptor, descriptor_from_json(*entry, where_));
    return read_manifest(descriptor.digest, descriptor.media_type);
}

Result<std::optional<StoredManifest>> Layout::find_manifest(const std::string& selector) {
    ECC_TRY(const LayoutIndex* index, read_index());
    return find_in(*index, selector);
}

Result<StoredManifest> Layout::get_manifest(const std::string& selector) {
    ECC_TRY(const LayoutIndex* index, read_index());
    ECC_TRY(auto found, find_in(*index, selector));
    if (!found)
        return std::unexpected(unknown_selector(where_, selector, index->tags()));
    return std::move(*found);
}

Result<std::vector<std::string>> Layout::tags() {
    ECC_TRY(const LayoutIndex* index, read_index());
    return index->tags();
}

/// One that is absent or damaged refers to nothing.
Result<std::optional<Layout::Referrer>> Layout::referrer(const Descriptor& listed) const {
    auto manifest = read_manifest(listed.digest, listed.media_type);
    if (!manifest && manifest.error().fault == Fault::environment)
        return std::unexpected(std::move(manifest.error()));
    auto links = manifest ? manifest_links(*manifest, where_) : std::unexpected(manifest.error());
    if (!links || !links->subject)
        return std::nullopt;
    return Referrer{links->subject->digest, referrer_entry(manifest->descriptor(), *links)};
}

/// index.json has no list of them: every manifest is asked.
Result<ReferrersBySubject> Layout::all_referrers(const LayoutIndex& index) const {
    ReferrersBySubject all;
    for (const json& entry : index.entries()) {
        ECC_TRY(auto descriptor, descriptor_from_json(entry, where_));
        ECC_TRY(auto found, referrer(descriptor));
        if (found)
            all[found->subject].push_back(std::move(found->entry));
    }
    return all;
}

/// Tools that copy tag by tag bring referrers along as what an index lists, and no other tag names.
Result<std::vector<Descriptor>> Layout::listed_by_fallback(const LayoutIndex& index,
                                                           const std::string& subject) const {
    const json* entry = index.find(fallback_tag(subject));
    if (!entry)
        return std::vector<Descriptor>();
    ECC_TRY(const auto descriptor, descriptor_from_json(*entry, where_));
    if (!is_index(descriptor.media_type))
        return std::vector<Descriptor>();
    ECC_TRY(const auto stored, read_manifest(descriptor.digest, descriptor.media_type));
    ECC_TRY(auto list, image_index_from_json(stored.text, stored.media_type, where_));
    return std::move(list.manifests);
}

Result<std::vector<Descriptor>> Layout::referrers(const std::string& digest) {
    ECC_TRY(const LayoutIndex* index, read_index());
    if (!known_->referrers) {
        ECC_TRY(known_->referrers, all_referrers(*index));
    }
    const auto known = known_->referrers->find(digest);
    auto found = known == known_->referrers->end() ? std::vector<Descriptor>() : known->second;
    std::set<std::string> seen;
    std::ranges::transform(found, std::inserter(seen, seen.end()), &Descriptor::digest);
    ECC_TRY(const auto listed, listed_by_fallback(*index, digest));
    for (const Descriptor& entry : listed) {
        if (!seen.insert(entry.digest).second)
            continue;
        ECC_TRY(auto listed_one, referrer(entry));
        if (listed_one && listed_one->subject == digest)
            found.push_back(std::move(listed_one->entry));
    }
    return found;
}

Result<void> Layout::delete_manifest(const StoredManifest& manifest) {
    const std::string digest = manifest.descriptor().digest;
    ECC_CHECK(change_index([&](LayoutIndex& index) -> Result<void> {
        index.remove(digest);
        return {};
    }));
    return delete_blob(digest);
}

Result<void> Layout::delete_blob(const std::string& digest) {
    std::error_code error;
    if (!is_sha256_digest(digest) || !fs::remove(blob_path(digest), error))
        return no_blob(where_, digest);
    return {};
}

} // namespace ecc

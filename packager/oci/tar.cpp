#include "packager/oci/tar.h"

#include "packager/oci/tar_scan.h"
#include "support/digest.h"
#include "support/staged_file.h"

#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <memory>
#include <optional>
#include <set>
#include <zlib.h>

namespace ecc {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t piece = 256u << 10;
constexpr const char* larger_than_itself = "holds more than its own size";
constexpr int max_entries = 1'000'000;
constexpr std::string_view blob_folder = "blobs/sha256/";

struct Free {
    void operator()(archive* reader) const { archive_free(reader); }
    void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};
using ArchivePointer = std::unique_ptr<archive, Free>;
using EntryPointer = std::unique_ptr<archive_entry, Free>;

std::string message(archive* tar) {
    const char* text = archive_error_string(tar);
    return text ? text : "unknown error";
}

std::unexpected<Error> malformed(const std::string& where, archive* reader) {
    return input_error(where, "is not a tar archive that can be read: " + message(reader),
                       "copy the archive again, if it was cut off, or push into a new one");
}

/// Where the entry goes; empty for everything that is not part of a layout. Names are compared, never
/// followed.
fs::path layout_member(std::string_view name) {
    if (name.starts_with("./"))
        name.remove_prefix(2);
    if (name == "oci-layout" || name == "index.json")
        return name;
    if (name.starts_with(blob_folder) &&
        is_sha256_digest(fmt::format("sha256:{}", name.substr(blob_folder.size()))))
        return name;
    return {};
}

/// What may still come out of an archive.
struct Budget {
    std::uint64_t bytes;
    std::string exceeded; ///< what to say once that is not enough

    Result<void> take(std::uint64_t count, const std::string& where) {
        if (count > bytes)
            return input_error(where, exceeded);
        bytes -= count;
        return {};
    }
};

/// The sink, as long as the budget lasts.
Sink within(Budget& budget, const std::string& where, Sink sink) {
    return [&budget, where, sink = std::move(sink)](ByteView bytes) -> Result<void> {
        ECC_CHECK(budget.take(bytes.size(), where));
        return sink(bytes);
    };
}

/// The content of the entry that the reader stands at.
Result<void> pour_entry(archive* reader, const std::string& where, const Sink& sink) {
    Bytes buffer(piece);
    for (;;) {
        const la_ssize_t n = archive_read_data(reader, buffer.data(), buffer.size());
        if (n < 0)
            return malformed(where, reader);
        if (n == 0)
            return {};
        ECC_CHECK(sink(ByteView(buffer).first(static_cast<std::size_t>(n))));
    }
}

Result<void> unpack_entry(archive* reader, const fs::path& file, const fs::path& target, Budget& budget) {
    ECC_TRY(auto staged, StagedFile::create(target));
    const Sink write = [&](ByteView bytes) { return staged.write(bytes); };
    ECC_CHECK(pour_entry(reader, file.string(), within(budget, file.string(), write)));
    return staged.commit();
}

Result<ArchivePointer> open_reader(const fs::path& file) {
    ArchivePointer reader(archive_read_new());
    archive_read_support_format_tar(reader.get());
    if (archive_read_open_filename(reader.get(), file.c_str(), piece) != ARCHIVE_OK)
        return malformed(file.string(), reader.get());
    return reader;
}

/// What libarchive reads, piece by piece.
struct ArchiveInput {
    std::function<Result<std::size_t>(std::span<std::uint8_t>)> next; ///< 0 bytes at the end
    Bytes buffer = Bytes(piece);
    std::optional<Error> error;
};

la_ssize_t read_input(archive*, void* pointer, const void** data) {
    ArchiveInput& input = *static_cast<ArchiveInput*>(pointer);
    auto count = input.next(input.buffer);
    if (!count) {
        input.error = std::move(count.error());
        return -1;
    }
    *data = input.buffer.data();
    return static_cast<la_ssize_t>(*count);
}

/// `use` with a reader of `input`, once that has what `support` says.
Result<void> with_reader(ArchiveInput input, const std::string& where, void (*support)(archive*),
                         const std::function<Result<void>(archive*)>& use) {
    ArchivePointer reader(archive_read_new());
    support(reader.get());
    const bool opened = archive_read_open(reader.get(), &input, nullptr, read_input, nullptr) == ARCHIVE_OK;
    auto used = opened ? use(reader.get()) : malformed(where, reader.get());
    return input.error ? std::unexpected(std::move(*input.error)) : std::move(used);
}

ArchiveInput packed_input(const BlobSource& layer) {
    return {.next = [&layer, offset = std::uint64_t(0)](std::span<std::uint8_t> into) mutable {
        auto count = layer.read(offset, into);
        offset += count.value_or(0);
        return count;
    }};
}

/// The tar file that `unpacker` makes of a layer, scanned before it is read.
ArchiveInput scanned_input(archive* unpacker, const std::string& where, Budget budget) {
    return {.next = [=, scan = TarScan(where)](std::span<std::uint8_t> into) mutable -> Result<std::size_t> {
        const la_ssize_t n = archive_read_data(unpacker, into.data(), into.size());
        if (n < 0)
            return malformed(where, unpacker);
        const auto count = static_cast<std::size_t>(n);
        ECC_CHECK(budget.take(count, where));
        ECC_CHECK(scan.take(into.first(count)));
        return count;
    }};
}

void support_packed(archive* reader) {
    archive_read_support_filter_gzip(reader);
    archive_read_support_filter_zstd(reader);
    archive_read_support_format_raw(reader);
}

void support_tar(archive* reader) {
    archive_read_support_format_tar(reader);
}

TarKind kind_of(archive_entry* entry) {
    if (archive_entry_hardlink(entry) != nullptr)
        return TarKind::other;
    const auto type = archive_entry_filetype(entry);
    return type == AE_IFREG ? TarKind::file : type == AE_IFDIR ? TarKind::folder : TarKind::other;
}

/// Gets each entry, and its name as it is.
using EntryVisitor = std::function<Result<void>(archive_entry* entry, const TarMember& member)>;

Result<void> for_each_entry(archive* reader, const std::string& where, const EntryVisitor& use) {
    archive_entry* entry = nullptr;
    for (int i = 0; i < max_entries; i++) {
        const int status = archive_read_next_header(reader, &entry);
        if (status == ARCHIVE_EOF)
            return {};
        if (status != ARCHIVE_OK && status != ARCHIVE_WARN)
            return malformed(where, reader);
        const char* name = archive_entry_pathname(entry);
        ECC_CHECK(use(entry, name ? TarMember{name, kind_of(entry)} : TarMember{"?", TarKind::other}));
    }
    return input_error(where, fmt::format("has more than {} entries", max_entries));
}

/// Pours each member into what `open` returns for it.
Result<void> pour_files(archive* reader, const std::string& where, const OpenTarFile& open) {
    return for_each_entry(reader, where, [&](archive_entry*, const TarMember& member) -> Result<void> {
        ECC_TRY(const Sink sink, open({plain_path(member.path), member.kind}));
        return pour_entry(reader, where, sink);
    });
}

std::unexpected<Error> unwritten(const std::string& name, archive* writer) {
    return environment_error(name, "cannot write the archive: " + message(writer));
}

/// libarchive warns of names in other letters than the locale's, and writes them as they are.
Result<void> write_header(archive* writer, archive_entry* entry, const std::string& name) {
    return archive_write_header(writer, entry) >= ARCHIVE_WARN ? Result<void>() : unwritten(name, writer);
}

Result<void> write_data(archive* writer, const std::string& name, ByteView bytes) {
    const la_ssize_t n = archive_write_data(writer, bytes.data(), bytes.size());
    return n == static_cast<la_ssize_t>(bytes.size()) ? Result<void>() : unwritten(name, writer);
}

Result<void> write_entry(archive* writer, const std::string& name, const BlobSource& content, unsigned mode,
                         std::int64_t time) {
    EntryPointer entry(archive_entry_new());
    const bool folder = name.ends_with('/');
    archive_entry_set_pathname(entry.get(), name.c_str());
    archive_entry_set_filetype(entry.get(), folder ? AE_IFDIR : AE_IFREG);
    archive_entry_set_perm(entry.get(), mode);
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(content.size()));
    archive_entry_set_mtime(entry.get(), time, 0);
    ECC_CHECK(write_header(writer, entry.get(), name));
    return pour(content, [&](ByteView bytes) { return write_data(writer, name, bytes); });
}

la_ssize_t append_to_sink(archive* writer, void* sink, const void* data, std::size_t size) {
    const ByteView bytes(static_cast<const std::uint8_t*>(data), size);
    auto taken = (*static_cast<Sink*>(sink))(bytes);
    if (!taken)
        archive_set_error(writer, EIO, "%s", taken.error().what.c_str());
    return taken ? static_cast<la_ssize_t>(size) : -1;
}

/// `sink` must live until the writer is closed.
Result<ArchivePointer> open_writer(Sink& sink, int (*set_format)(archive*)) {
    ArchivePointer writer(archive_write_new());
    set_format(writer.get());
    archive_write_set_bytes_in_last_block(writer.get(), 1);
    if (archive_write_open(writer.get(), &sink, nullptr, append_to_sink, nullptr) != ARCHIVE_OK)
        return environment_error("", "cannot write an archive: " + message(writer.get()));
    return writer;
}

Result<void> close(archive* writer, const std::string& where) {
    return archive_write_close(writer) == ARCHIVE_OK ? Result<void>() : unwritten(where, writer);
}

/// With owner, mode, times, links and attributes.
Result<void> copy_entry(archive* reader, archive_entry* entry, const std::string& where, Budget& budget,
                        archive* writer) {
    archive_entry_sparse_clear(entry); // its holes are read as zeros
    ECC_CHECK(write_header(writer, entry, where));
    const Sink write = [&](ByteView bytes) { return write_data(writer, where, bytes); };
    return pour_entry(reader, where, within(budget, where, write));
}

/// What an archive has besides a layout is somebody's: it stays when the layout changes.
Result<void> copy_other_entries(const fs::path& from, archive* writer) {
    const std::string where = from.string();
    std::error_code error;
    Budget budget{fs::file_size(from, error), larger_than_itself};
    if (error)
        return {}; // a new archive
    ECC_TRY(auto reader, open_reader(from));
    return for_each_entry(
        reader.get(), where, [&](archive_entry* entry, const TarMember& member) -> Result<void> {
            if (layout_member(member.path).empty())
                return copy_entry(reader.get(), entry, where, budget, writer);
            if (member.kind == TarKind::file)
                return {};
            return input_error(
                where, fmt::format("has {}, a link or the like in the place of a layout's file", member.path),
                "push into a new archive");
        });
}

std::vector<std::string> layout_files(const fs::path& folder) {
    std::vector<std::string> names = {"index.json", "oci-layout"};
    std::error_code error;
    for (fs::directory_iterator entry(folder / blob_folder, error), end; !error && entry != end;
         entry.increment(error))
        if (std::string name = std::string(blob_folder) + entry->path().filename().string();
            !layout_member(name).empty())
            names.push_back(std::move(name));
    std::ranges::sort(names);
    return names;
}

/// "a/", "a/b/" for "a/b/c".
std::set<std::string> folders_of(const std::vector<TarEntry>& entries) {
    std::set<std::string> folders;
    for (const TarEntry& entry : entries)
        for (auto slash = entry.name.find('/'); slash != entry.name.npos;
             slash = entry.name.find('/', slash + 1))
            folders.insert(entry.name.substr(0, slash + 1));
    return folders;
}

} // namespace

Result<void> unpack_layout(const fs::path& file, const fs::path& folder) {
    std::error_code error;
    Budget budget{fs::file_size(file, error), larger_than_itself};
    if (error)
        return input_error(file.string(), "cannot open the archive: " + error.message(),
                           "check the path, or make one with `ecc push FILE oci-archive:FILE:TAG`");
    fs::create_directories(folder / blob_folder, error);
    ECC_TRY(auto reader, open_reader(file));
    return for_each_entry(
        reader.get(), file.string(), [&](archive_entry*, const TarMember& entry) -> Result<void> {
            const fs::path member = entry.kind == TarKind::file ? layout_member(entry.path) : fs::path();
            return member.empty() ? Result<void>()
                                  : unpack_entry(reader.get(), file, folder / member, budget);
        });
}

std::vector<std::string_view> path_parts(std::string_view path) {
    std::vector<std::string_view> parts;
    while (!path.empty()) {
        const std::size_t end = std::min(path.find('/'), path.size());
        if (const std::string_view part = path.substr(0, end); !part.empty() && part != ".")
            parts.push_back(part);
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    return parts;
}

std::string plain_path(std::string_view path) {
    return fmt::format("{}", fmt::join(path_parts(path), "/"));
}

Result<void> read_tar_files(const BlobSource& layer, std::uint64_t limit, const std::string& where,
                            const OpenTarFile& open) {
    const Budget budget{
        limit, fmt::format("a layer unpacks to more than {} MiB, the most that is read", limit >> 20)};
    return with_reader(packed_input(layer), where, support_packed, [&](archive* unpacker) {
        archive_entry* whole = nullptr;
        if (archive_read_next_header(unpacker, &whole) != ARCHIVE_OK)
            return Result<void>(malformed(where, unpacker));
        return with_reader(scanned_input(unpacker, where, budget), where, support_tar,
                           [&](archive* reader) { return pour_files(reader, where, open); });
    });
}

Result<void> pack_layout(const fs::path& folder, const fs::path& file) {
    ECC_TRY(auto staged, StagedFile::create(file));
    Sink sink = [&](ByteView bytes) { return staged.write(bytes); };
    // for what ustar can say, the same bytes
    ECC_TRY(auto writer, open_writer(sink, archive_write_set_format_pax));
    for (const std::string& name : layout_files(folder)) {
        ECC_TRY(auto content, FileSource::open(folder / name));
        ECC_CHECK(write_entry(writer.get(), name, *content, 0644, 0));
    }
    ECC_CHECK(copy_other_entries(file, writer.get()));
    ECC_CHECK(close(writer.get(), file.string()));
    return staged.commit();
}

TarEntry tar_entry(std::string name, ByteView content, unsigned mode) {
    return {std::move(name), std::make_shared<MemorySource>(content), mode};
}

Result<void> write_tar(const std::vector<TarEntry>& entries, std::int64_t time, Sink sink) {
    ECC_TRY(auto writer, open_writer(sink, archive_write_set_format_ustar));
    for (const std::string& folder : folders_of(entries))
        ECC_CHECK(write_entry(writer.get(), folder, MemorySource({}), 0755, time));
    for (const TarEntry& entry : entries)
        ECC_CHECK(write_entry(writer.get(), entry.name, *entry.content, entry.mode, time));
    return close(writer.get(), "layer");
}

struct Gzip::State {
    Sink sink;
    z_stream stream = {};
    bool started = false;
    Bytes packed = Bytes(piece);
};

Gzip::Gzip(Sink sink) : state_(std::make_unique<State>(State{.sink = std::move(sink)})) {
    constexpr int gzip_header = 15 + 16; // zlib writes no name and no time into it
    state_->started = deflateInit2(&state_->stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, gzip_header, 9,
                                   Z_DEFAULT_STRATEGY) == Z_OK;
}

Gzip::~Gzip() {
    if (state_->started)
        deflateEnd(&state_->stream);
}

Result<void> Gzip::pack(ByteView bytes, bool last) {
    z_stream& stream = state_->stream;
    if (!state_->started)
        return environment_error("", "cannot start zlib");
    stream.next_in = const_cast<std::uint8_t*>(bytes.data());
    stream.avail_in = static_cast<uInt>(bytes.size());
    do {
        stream.next_out = state_->packed.data();
        stream.avail_out = static_cast<uInt>(state_->packed.size());
        if (deflate(&stream, last ? Z_FINISH : Z_NO_FLUSH) == Z_STREAM_ERROR)
            return environment_error("", "zlib cannot pack the content");
        ECC_CHECK(state_->sink(ByteView(state_->packed).first(state_->packed.size() - stream.avail_out)));
    } while (stream.avail_out == 0);
    return {};
}

} // namespace ecc

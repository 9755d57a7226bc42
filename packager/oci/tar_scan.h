// Tar files of which every reader gets the same files. POSIX (pax, "ustar Interchange Format" and "pax
// Extended Header") and GNU tar say the same in several ways, and libarchive, by which layers are looked at,
// Go's archive/tar, by which container engines unpack them, and GNU tar differ in which of them wins.
#pragma once

#include "support/bytes.h"
#include "support/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ecc {

class TarScan {
public:
    /// `where` names the image in errors.
    explicit TarScan(std::string where) : where_(std::move(where)) {}

    /// The next bytes of the file, to be shown before they are read. An input error that says what is
    /// ambiguous if a member's name, kind, size or content may be read in two ways: two extended headers
    /// before a member, sparse files, headers of a form or with numbers that are no standard's, files that
    /// are called like a folder, and the like; also if a header is damaged.
    Result<void> take(ByteView bytes);

    static constexpr std::size_t block = 512;

private:
    Result<void> use_header(std::string_view header);
    Result<void> check_form(std::string_view header) const;
    Result<void> start_extension(char type, std::uint64_t size);
    Result<void> use_extension(std::string_view content);
    Result<void> use_pax(std::string_view records, bool is_global);
    Result<void> use_pax_record(std::string_view key, std::string_view value, bool is_global);
    Result<void> use_gnu_name(char type, std::string_view name);
    Result<void> use_member(std::string_view header, std::uint64_t size);
    std::unexpected<Error> ambiguous(const std::string& what) const;

    /// What extended headers say of the next member.
    struct Extended {
        std::string types; ///< of those headers: "x", "L", "K", "LK", "KL"
        std::optional<std::string> name, link, size;
    };

    std::string where_;
    Bytes held_;                    ///< of a header, or of what an extended header contains
    std::size_t wanted_ = block;    ///< how much that will be
    std::size_t content_ = 0;       ///< of an extended header, without its padding
    char extension_ = 0;            ///< the type of the extended header whose content is awaited
    std::uint64_t passed_over_ = 0; ///< bytes of content that come next
    Extended next_;
    bool ended_ = false;
};

} // namespace ecc

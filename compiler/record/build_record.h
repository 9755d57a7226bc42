// What went into a package and how it was built: `ecc build --record` writes it, `ecc push --attest` signs
// what predicates.h makes of it. Beside the package, not in it: a package must not grow by the names of all
// headers, nor change with them where they change nothing.
#pragma once

#include "support/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ecc {

inline constexpr std::string_view build_record_media_type = "application/vnd.ecc.build-record.v1+json";
inline constexpr std::size_t max_build_record_size = 16u << 20;

struct RecordedFile {
    std::string name; ///< of the user's as they named it; of a component's relative to its folder
    std::string digest;
    bool operator==(const RecordedFile&) const = default;
};

/// Something that came with ecc and has a version of its own: wasi-libc, libbpf's headers.
struct RecordedComponent {
    std::string name;
    std::string version; ///< empty: not known
    std::string license; ///< SPDX expression; empty: not known
    std::vector<RecordedFile> files;
    std::string purl;     ///< package URL; empty: it has none that is known
    bool program = false; ///< and no library; a build is given none
    bool operator==(const RecordedComponent&) const = default;
};

/// How the files of a checkout compare with its commit.
enum class CheckoutState {
    unknown,  ///< no git that could tell, or only with programs that the checkout names
    clean,    ///< all as in the commit
    modified, ///< some are not, or a source is not in it
};

/// Where the sources came from; empty where it cannot be told.
struct RecordedCheckout {
    std::string url;    ///< https, without logins and query
    std::string ref;    ///< "refs/heads/main"; empty for a detached HEAD
    std::string commit; ///< that was checked out; what the sources are only if the state is clean
    CheckoutState state = CheckoutState::unknown;
    bool operator==(const RecordedCheckout&) const = default;
};

struct BuildRecord {
    RecordedFile package;
    std::string tool;                  ///< version of ecc
    std::string llvm;                  ///< its version
    std::string libbpf;                ///< its version
    RecordedCheckout checkout;         ///< around the first source
    std::vector<RecordedFile> sources; ///< of the user, headers included
    std::vector<RecordedComponent> components;
    std::string btf_digest;                 ///< of what vmlinux.h was made from; empty if it was not needed
    std::vector<std::string> architectures; ///< the kernel's names
    std::vector<std::string> flags;         ///< for the compilers, in clang's spelling
    std::string log;                        ///< the compilers' messages and the steps
    std::int64_t started = 0, finished = 0; ///< seconds since 1970
    bool operator==(const BuildRecord&) const = default;
};

/// Sorted keys, one line.
std::string build_record_to_json(const BuildRecord& record);

/// An input error if it is of another type, or a part is missing or of another kind.
Result<BuildRecord> build_record_from_json(std::string_view text, const std::string& where);

} // namespace ecc

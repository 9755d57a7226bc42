#include "compiler/commands/saved_layer.h"

#include "support/staged_file.h"
#include "support/system_error.h"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace ecc {
namespace {

namespace fs = std::filesystem;

Result<void> pour_into(const fs::path& path, const BlobSource& content) {
    const bool standard = is_standard_output(path);
    const int fd = standard ? STDOUT_FILENO : ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return system_error(path.string(), "open", errno, FileUse::writing);
    auto written = pour(content, [&](ByteView bytes) { return write_to(fd, bytes, path.string()); });
    if (!standard)
        ::close(fd);
    return written;
}

} // namespace

Result<void> save(const fs::path& path, const Producer& produce) {
    ECC_TRY(const auto target, staged_target(path));
    if (target) {
        ECC_TRY(auto file, StagedFile::create(*target));
        ECC_CHECK(produce([&](ByteView bytes) { return file.write(bytes); }));
        return file.commit();
    }
    Spool spool(path.string());
    ECC_CHECK(produce([&](ByteView bytes) { return spool.write(bytes); }));
    ECC_TRY(auto content, spool.finish());
    return pour_into(path, *content);
}

} // namespace ecc

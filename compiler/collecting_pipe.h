// What a library writes to a path, in memory: for one that makes a temporary file beside a regular output,
// where there may be no room, or no folder as with a file in memory.
#pragma once

#include "support/bytes.h"
#include "support/result.h"

#include <filesystem>
#include <future>

namespace ecc {

class CollectingPipe {
public:
    static Result<CollectingPipe> make(const std::string& name);
    CollectingPipe(CollectingPipe&& other) noexcept;
    CollectingPipe& operator=(CollectingPipe&&) = delete;
    ~CollectingPipe();

    /// May be opened for writing as often as need be until `finish`.
    std::filesystem::path path() const;
    /// Everything written, once all writers have closed it.
    Bytes finish();

private:
    CollectingPipe(int write_end, std::future<Bytes> content);
    int write_end_;
    std::future<Bytes> content_;
};

} // namespace ecc

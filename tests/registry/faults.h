// The fixture of the tests against servers that break off, forget, stall and lie: what arrives is right or an
// error, nothing is stored twice or wrong, nothing hangs, and no more is read than was asked for. Waits are
// noted instead of waited.
#pragma once

#include "packager/oci/transfer.h"
#include "support/digest.h"
#include "tests/registry/http_server.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace ecc::test {

/// Content in which every byte position shows.
inline std::string make_content(std::size_t size) {
    std::string content(size, 0);
    for (std::size_t i = 0; i < size; i++)
        content[i] = static_cast<char>(i * 2654435761u >> 13);
    return content;
}

class Faults : public testing::Test {
protected:
    StoreOptions options(Access access = Access::pull) {
        StoreOptions options{.access = access, .plain_http = true};
        options.limits.times = {.connect = 2, .stall = 1, .reply = 1};
        options.limits.chunk_size = 1000;
        options.limits.retry.wait = [this](std::chrono::milliseconds time) { waits_.push_back(time); };
        return options;
    }

    std::unique_ptr<Store> open(const HttpServer& server, Access access = Access::pull) {
        return open_store({.host = server.host(), .repository = "t/tool"}, options(access)).value();
    }

    Result<std::string> pull(const HttpServer& server) {
        auto store = open(server);
        ECC_TRY(auto bytes, fetch_layer(*store, {.host = server.host(), .repository = "t/tool"}, blob_, {}));
        return std::string(as_text(bytes));
    }

    Result<void> push(const HttpServer& server) {
        return open(server, Access::push)->put_blob(blob_, MemorySource(as_bytes(content_)), {});
    }

    std::string content_ = make_content(5500);
    Descriptor blob_ = describe("application/wasm", as_bytes(content_));
    std::vector<std::chrono::milliseconds> waits_;
};

} // namespace ecc::test

#include "packager/oci/download.h"

#include "packager/oci/http_range.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace ecc {
namespace {

std::unexpected<Error> no_blob(const RepositoryClient& client, const std::string& digest) {
    return input_error(client.where(),
                       fmt::format("the registry does not have {}, which the manifest names", digest),
                       "push the package again");
}

constexpr int max_pauses = 100;
constexpr int max_failures = 4; ///< in a row, without progress

class BlobDownload {
public:
    BlobDownload(RepositoryClient& client, const Descriptor& blob, const Sink& sink)
        : client_(client), blob_(blob), sink_(sink) {}

    Result<void> run() {
        Retry pauses(client_.limits().retry.with_attempts(max_pauses));
        for (int failures = 0;;) {
            const std::uint64_t before = taken_;
            ECC_TRY(auto broken, attempt());
            if (!broken)
                return {};
            failures = taken_ > before && !crawled_ ? 0 : failures + 1;
            if (failures == max_failures || !pauses.again())
                return std::unexpected(std::move(*broken));
        }
    }

private:
    /// Nothing if the reply came to its end.
    Result<std::optional<Error>> attempt() {
        ECC_TRY(auto get, client_.request("GET", "blobs/" + blob_.digest));
        if (taken_ > 0)
            get.headers = {fmt::format("Range: bytes={}-", taken_)};
        get.on_head = [this](const HttpReply& reply) { return check_head(reply); };
        get.sink = [this](ByteView bytes) { return take(bytes); };
        ECC_TRY(auto reply, client_.send(std::move(get)));
        crawled_ = reply.crawled;
        if (reply.broken)
            return reply.broken;
        if (reply.status == 404)
            return no_blob(client_, blob_.digest);
        if (!reply.ok())
            return std::unexpected(client_.failure("send a blob", reply));
        return std::nullopt;
    }

    /// The whole, of which the beginning is known already, or exactly what was asked for.
    Result<void> check_head(const HttpReply& reply) {
        skip_ = reply.status == 200 ? taken_ : 0;
        if (reply.status == 200)
            return {};
        const auto range = parse_content_range(reply.header("content-range"));
        const bool fits = range && range->first == taken_ && range->last < blob_.size &&
                          range->total.value_or(blob_.size) == blob_.size;
        if (reply.status == 206 && taken_ > 0 && fits)
            return {};
        return environment_error(
            client_.target().host,
            fmt::format("the registry answers {} \"{}\" when asked to send a blob from byte {}", reply.status,
                        reply.header("content-range"), taken_),
            "try again, or ask the registry's operator");
    }

    Result<void> take(ByteView bytes) {
        const std::size_t skipped = std::min<std::uint64_t>(skip_, bytes.size());
        skip_ -= skipped;
        bytes = bytes.subspan(skipped);
        if (bytes.empty())
            return {};
        ECC_CHECK(sink_(bytes));
        taken_ += bytes.size();
        return {};
    }

    RepositoryClient& client_;
    const Descriptor& blob_;
    const Sink& sink_;
    std::uint64_t taken_ = 0;
    std::uint64_t skip_ = 0; ///< bytes at the beginning of this reply that the sink has
    bool crawled_ = false;   ///< the last reply
};

} // namespace

Result<void> download_blob(RepositoryClient& client, const Descriptor& blob, const Sink& sink) {
    return BlobDownload(client, blob, sink).run();
}

Result<std::uint64_t> blob_size(RepositoryClient& client, const std::string& digest) {
    ECC_TRY(auto head, client.request("HEAD", "blobs/" + digest));
    ECC_TRY(auto reply, client.send(std::move(head)));
    if (reply.status == 404)
        return no_blob(client, digest);
    const std::string length = reply.header("content-length");
    std::uint64_t size = 0;
    auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), size);
    if (!reply.ok() || error != std::errc() || end != length.data() + length.size())
        return std::unexpected(client.failure("say the size of a blob", reply));
    return size;
}

} // namespace ecc

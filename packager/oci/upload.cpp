#include "packager/oci/upload.h"

#include "packager/oci/http_range.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace ecc {
namespace {

constexpr int max_pauses = 100;
constexpr int max_sessions = 4;
constexpr int max_failures = 5; ///< in a row, without progress

/// How one attempt at an upload ended, if it did not succeed.
struct Setback {
    Error error;
    bool again = false;     ///< a new session may do better
    bool no_chunks = false; ///< the registry wants the blob as one body
    bool placed = false;    ///< the registry said where it is
};

std::uint64_t number_or(const std::string& text, std::uint64_t otherwise) {
    std::uint64_t value = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && value > 0 ? value : otherwise;
}

class BlobUpload {
public:
    BlobUpload(RepositoryClient& client, const Descriptor& blob, const BlobSource& content,
               const Progress& progress)
        : client_(client), blob_(blob), content_(content), progress_(progress),
          retry_(client.limits().retry) {}

    Result<void> run() {
        for (;;) {
            session_++;
            auto setback = attempt();
            if (!setback)
                return {};
            chunked_ = chunked_ && !setback->no_chunks;
            if (session_ == max_sessions ||
                !(setback->no_chunks || (setback->again && retry_.again(retry_after_))))
                return std::unexpected(std::move(setback->error));
        }
    }

private:
    using Attempt = std::optional<Setback>;

    Attempt attempt() {
        bool done = false;
        if (auto begun = begin(done); !begun)
            return Setback{begun.error()};
        if (done)
            return std::nullopt;
        if (!chunked_ || content_.size() <= usual_chunk())
            return send_whole();
        if (auto setback = send_chunks())
            return setback;
        return commit({.method = "PUT", .repeatable = false});
    }

    /// A session; `done` if the registry finds that it has the blob already.
    Result<void> begin(bool& done) {
        ECC_TRY(auto start, client_.request("POST", "blobs/uploads/"));
        ECC_TRY(auto reply, client_.send(std::move(start)));
        done = reply.status == 201;
        if (done)
            return {};
        if (reply.status != 202 || reply.header("location").empty())
            return std::unexpected(client_.failure("start an upload", reply));
        offset_ = 0;
        least_chunk_ = number_or(reply.header("oci-chunk-min-length"), 1);
        return move_on(reply);
    }

    Result<void> move_on(const HttpReply& reply) {
        if (reply.header("location").empty())
            return {};
        ECC_TRY(location_, client_.next(reply, reply.header("location")));
        return {};
    }

    Attempt send_whole() {
        return commit({.method = "PUT",
                       .content_type = "application/octet-stream",
                       .upload = {&content_, 0, content_.size()},
                       .upload_progress = progress_,
                       .repeatable = false});
    }

    /// The request that ends the session. A failure may have come after the blob was stored.
    Attempt commit(HttpRequest put) {
        auto url = with_query(location_, {{"digest", blob_.digest}});
        if (!url)
            return Setback{url.error()};
        put.url = std::move(*url);
        auto reply = client_.send(std::move(put));
        if (!reply)
            return Setback{reply.error()};
        if (!reply->broken && (reply->status == 201 || reply->status == 204))
            return std::nullopt;
        if (auto stored = has_blob(client_, blob_); stored && *stored)
            return std::nullopt;
        if (reply->broken)
            return Setback{*reply->broken, true};
        retry_after_ = parse_retry_after(reply->header("retry-after"));
        // 400 DIGEST_INVALID, 404 and 416 speak of a session that lost its way
        const bool lost = chunked_ && (reply->status == 400 || reply->status == 404 || reply->status == 416);
        return Setback{client_.failure("store a blob", *reply), lost || is_passing_status(reply->status)};
    }

    Attempt send_chunks() {
        Retry pauses(client_.limits().retry.with_attempts(max_pauses));
        for (int failures = 0; offset_ < content_.size();) {
            const std::uint64_t before = offset_;
            auto setback = send_chunk();
            if (!setback)
                continue;
            failures = offset_ > before ? 0 : failures + 1;
            chunk_ = usual_chunk();
            setback->again = setback->again && sent_ < most_sent();
            if (!setback->again || failures == max_failures || !pauses.again(retry_after_))
                return setback;
            if (auto lost = setback->placed ? Attempt() : ask_where())
                return lost;
            failures = offset_ > before ? 0 : failures;
        }
        return std::nullopt;
    }

    std::uint64_t usual_chunk() const { return std::max(client_.limits().chunk_size, least_chunk_); }

    /// A session may end close to the blob's end, and a registry may refuse the whole after it came. What
    /// else is sent for nothing is bounded.
    std::uint64_t most_sent() const {
        return (session_ + 1) * content_.size() + max_failures * usual_chunk();
    }

    /// Tells how far the upload is, and counts what is sent.
    Progress counted() {
        return [this, last = offset_](std::uint64_t done, std::uint64_t total) mutable {
            sent_ += done > last ? done - last : 0;
            last = done;
            if (progress_)
                progress_(done, total);
        };
    }

    Attempt send_chunk() {
        const std::uint64_t size = std::min(chunk_, content_.size() - offset_);
        auto reply =
            client_.send({.method = "PATCH",
                          .url = location_,
                          .headers = {fmt::format("Content-Range: {}-{}", offset_, offset_ + size - 1)},
                          .content_type = "application/octet-stream",
                          .upload = {&content_, offset_, size},
                          .upload_progress = counted(),
                          .repeatable = false});
        retry_after_.reset();
        if (!reply)
            return Setback{reply.error()};
        if (reply->broken)
            return Setback{*reply->broken, true};
        if (reply->status == 413 && size > usual_chunk()) {
            chunk_ = usual_chunk();
            return ask_where();
        }
        if (reply->status != 202 && reply->status != 204 && reply->status != 201)
            return refused(*reply);
        if (auto moved = move_on(*reply); !moved)
            return Setback{moved.error()};
        return take_position(*reply, offset_ + size);
    }

    Attempt refused(const HttpReply& reply) {
        retry_after_ = parse_retry_after(reply.header("retry-after"));
        const bool again = reply.status == 416 || is_passing_status(reply.status);
        const bool denied = reply.status == 401 || reply.status == 403;
        return Setback{client_.failure("store a part of a blob", reply), again,
                       offset_ == 0 && !again && !denied};
    }

    /// What the registry says it has counts, not what was sent.
    Attempt take_position(const HttpReply& reply, std::uint64_t expected) {
        const std::string range = reply.header("range");
        const auto position = range.empty() ? std::optional(expected) : parse_upload_range(range);
        if (!position || *position > content_.size())
            return Setback{Error{Fault::environment, client_.target().host,
                                 fmt::format("the registry says it has the bytes \"{}\" of a blob of {}",
                                             range, content_.size()),
                                 "ask the registry's operator"},
                           true};
        offset_ = *position;
        if (*position >= expected)
            return std::nullopt;
        return Setback{
            .error = Error{Fault::environment, client_.target().host,
                           fmt::format("the registry is at byte {} of an upload, of which {} bytes were sent",
                                       *position, expected),
                           "try again, or ask the registry's operator"},
            .again = true,
            .placed = true};
    }

    /// GET of the session: 204 with Range. Anything else means that it is lost.
    Attempt ask_where() {
        auto reply = client_.send({.method = "GET", .url = location_});
        if (!reply)
            return Setback{reply.error(), true};
        const auto position = parse_upload_range(reply->header("range"));
        if (reply->status != 204 || !position || *position > content_.size())
            return Setback{client_.failure("go on with an upload", *reply), true};
        offset_ = *position;
        auto moved = move_on(*reply);
        return moved ? Attempt() : Setback{moved.error()};
    }

    RepositoryClient& client_;
    const Descriptor& blob_;
    const BlobSource& content_;
    const Progress& progress_;
    Retry retry_;
    Url location_;
    std::uint64_t session_ = 0; ///< how many were begun
    std::uint64_t sent_ = 0;    ///< bytes of chunks, in all sessions
    std::uint64_t offset_ = 0;
    std::uint64_t chunk_ = UINT64_MAX; ///< all in one, as docker does: servers sync their disks after each
    std::uint64_t least_chunk_ = 1;
    bool chunked_ = true;
    std::optional<std::chrono::seconds> retry_after_;
};

} // namespace

Result<void> upload_blob(RepositoryClient& client, const Descriptor& blob, const BlobSource& content,
                         const Progress& progress) {
    return BlobUpload(client, blob, content, progress).run();
}

Result<bool> mount_blob(RepositoryClient& client, const Descriptor& blob, const Reference& from) {
    if (from.is_layout() || from.host != client.target().host ||
        from.repository == client.target().repository)
        return false;
    if (!client.authorizer().also(fmt::format("repository:{}:pull", from.repository)))
        return false;
    ECC_TRY(auto post, client.request("POST", "blobs/uploads/"));
    ECC_TRY(post.url, with_query(post.url, {{"mount", blob.digest}, {"from", from.repository}}));
    auto reply = client.send(std::move(post));
    if (reply && reply->status == 201)
        return true;
    if (!reply || reply->status != 202) // refusing a mount is allowed; the upload says what is wrong
        return false;
    if (auto location = client.next(*reply, reply->header("location")))
        static_cast<void>(
            client.send({.method = "DELETE", .url = *location})); // the session that it began instead
    return false;
}

Result<bool> has_blob(RepositoryClient& client, const Descriptor& blob) {
    ECC_TRY(auto head, client.request("HEAD", "blobs/" + blob.digest));
    ECC_TRY(auto reply, client.send(std::move(head)));
    if (reply.ok())
        return true;
    if (reply.status == 404)
        return false;
    return std::unexpected(client.failure("look for a blob", reply));
}

} // namespace ecc

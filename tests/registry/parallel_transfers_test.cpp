// --concurrency: how many transfers are in flight, seen from a registry that holds them back.

#include "tests/registry/http_server.h"
#include "tests/registry/registry_test.h"

#include <algorithm>
#include <condition_variable>
#include <fmt/format.h>

namespace ecc::test {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;

constexpr std::size_t blobs = 12;

/// Holds transfers back until as many are in flight as are expected, and a moment longer, in which one more
/// would show.
class Gate {
public:
    explicit Gate(std::size_t expected) : expected_(expected) {}

    void pass() {
        std::unique_lock lock(mutex_);
        most_ = std::max(most_, ++inside_);
        changed_.notify_all();
        changed_.wait_for(lock, 20s, [&] { return open_ || inside_ >= expected_; });
        changed_.wait_for(lock, 300ms, [&] { return open_ || inside_ > expected_; });
        open_ = true;
        changed_.notify_all();
        inside_--;
    }

    std::size_t most() {
        std::lock_guard lock(mutex_);
        return most_;
    }

private:
    const std::size_t expected_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t inside_ = 0, most_ = 0;
    bool open_ = false;
};

class ParallelTransfers : public RegistryTest {
protected:
    /// In the layout "shelf", a manifest of `blobs` blobs and an empty config.
    void SetUp() override {
        RegistryTest::SetUp();
        Command attach = {"attach", "oci:shelf:1", "--artifact-type", "text/plain"};
        for (std::size_t i = 0; i < blobs - 1; i++) {
            const std::string name = fmt::format("part{}.txt", i);
            write(name, as_bytes(name));
            attach.push_back(name);
        }
        ASSERT_EQ(ecc({"push", "tool.wasm", "oci:shelf:1"}).status, 0);
        parts_ = ecc_json(attach)["digest"];
    }

    std::string stored(const std::string& digest) const {
        return std::string(as_text(read("shelf/blobs/sha256/" + digest.substr(digest.find(':') + 1))));
    }

    /// A registry that has what the layout has; each blob waits at the gate.
    HttpServer::Handler source(Gate& gate) const {
        return [&gate, this](const ServedRequest& request) {
            const std::string digest = request.target.substr(request.target.rfind('/') + 1);
            if (request.target.find("/manifests/") != std::string::npos)
                return http_reply(200, "Content-Type: application/vnd.oci.image.manifest.v1+json\r\n",
                                  stored(digest));
            gate.pass();
            return http_reply(200, "", stored(digest));
        };
    }

    /// A registry that has nothing and takes everything; each upload waits at the gate.
    static HttpServer::Handler target(Gate& gate) {
        return [&gate](const ServedRequest& request) {
            if (request.method == "HEAD" || request.method == "GET")
                return http_reply(404, "", "");
            if (request.method == "POST")
                return http_reply(202, "Location: /v2/t/tool/blobs/uploads/1\r\n", "");
            if (request.target.find("/manifests/") == std::string::npos)
                gate.pass();
            return http_reply(201, "OCI-Subject: noted\r\n", "");
        };
    }

    /// The most transfers in flight during a copy to a server or from it.
    std::size_t most_in_flight(const Command& options, std::size_t expected, bool to_server) {
        Gate gate(expected);
        HttpServer server(to_server ? target(gate) : source(gate), {}, blobs + 1);
        const std::string remote = server.host() + "/t/tool", copy = fmt::format("oci:copy{}", ++copies_);
        Command command = {"cp", "--plain-http", to_server ? "oci:shelf@" + parts_ : remote + "@" + parts_,
                           to_server ? remote + ":1" : copy + ":1"};
        command.insert(command.end(), options.begin(), options.end());
        const Output copied = ecc(command);
        EXPECT_EQ(copied.status, 0) << copied.err;
        return gate.most();
    }

    std::string parts_; ///< digest of the manifest
    int copies_ = 0;
};

TEST_F(ParallelTransfers, AreAsManyAsTheUserSays) {
    for (const bool to_server : {false, true}) {
        EXPECT_EQ(most_in_flight({"--concurrency", "1"}, 1, to_server), 1u);
        EXPECT_EQ(most_in_flight({"--concurrency", "3"}, 3, to_server), 3u);
        EXPECT_EQ(most_in_flight({}, 4, to_server), 4u) << "as --help says";
    }
}

TEST_F(ParallelTransfers, AreNoMoreThanThereIsToTransfer) {
    for (const bool to_server : {false, true})
        EXPECT_EQ(most_in_flight({"--concurrency", "64"}, blobs, to_server), blobs);
}

TEST_F(ParallelTransfers, AreBoundedWhenFilesArePushedToo) {
    Gate gate(2);
    HttpServer server(
        [take = target(gate), this](const ServedRequest& request) {
            if (request.method == "GET" && request.target.ends_with("/manifests/" + parts_))
                return HttpServer::Reply(http_reply(
                    200, "Content-Type: application/vnd.oci.image.manifest.v1+json\r\n", stored(parts_)));
            return take(request);
        },
        {}, blobs + 1);
    Command attach = {
        "attach",          "--plain-http", "--concurrency", "2", server.host() + "/t/tool@" + parts_,
        "--artifact-type", "text/plain"};
    for (std::size_t i = 0; i < blobs - 1; i++)
        attach.push_back(fmt::format("part{}.txt", i));
    const Output attached = ecc(attach);
    EXPECT_EQ(attached.status, 0) << attached.err;
    EXPECT_EQ(gate.most(), 2u);
}

TEST_F(ParallelTransfers, EndWithTheFirstThatFails) {
    for (const std::size_t threads : {1, 3}) {
        HttpServer server(
            [this](const ServedRequest& request) {
                if (request.target.find("/manifests/") == std::string::npos)
                    return http_reply(404, "", "");
                return http_reply(200, "Content-Type: application/vnd.oci.image.manifest.v1+json\r\n",
                                  stored(parts_));
            },
            {}, threads);
        const Output refused = ecc({"cp", "--plain-http", "--concurrency", std::to_string(threads),
                                    server.host() + "/t/tool@" + parts_, "oci:failed:1"});
        EXPECT_NE(refused.status, 0);
        const auto requests = server.requests();
        EXPECT_LE(std::ranges::count_if(requests,
                                        [](const auto& request) {
                                            return request.target.find("/blobs/") != std::string::npos;
                                        }),
                  static_cast<std::ptrdiff_t>(threads));
        EXPECT_NE(ecc({"resolve", "oci:failed:1"}).status, 0) << "no manifest without its blobs";
    }
}

TEST_F(ParallelTransfers, OfAnImpossibleNumberAreUsageErrors) {
    for (const char* number :
         {"0", "-1", "65", "4294967296", "99999999999999999999", "1e3", "1.5", "many", "", " "})
        for (const Command& command :
             {Command{"push", "tool.wasm", "localhost:1/t/tool:1"},
              {"cp", "localhost:1/t/tool:1", "oci:copy:1"},
              {"attach", "localhost:1/t/tool:1", "tool.wasm", "--artifact-type", "a/b"}}) {
            Command whole = command;
            whole.insert(whole.end(), {"--concurrency", number});
            const Output refused = ecc(whole);
            EXPECT_EQ(refused.status, 2) << command[0] << " " << number << ": " << refused.err;
            EXPECT_THAT(refused.err, HasSubstr("--concurrency"));
        }
    EXPECT_THAT(ecc({"cp", "--help"}).out, AllOf(HasSubstr("--concurrency"), HasSubstr("[1 - 64]")));
}

} // namespace
} // namespace ecc::test

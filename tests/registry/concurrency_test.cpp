// What several clients change at the same time in places where each must read, change and write the whole:
// the list of referrers of a registry without that API, and signatures of cosign's older kind.

#include "tests/registry/signing_test.h"

#include <algorithm>
#include <fmt/format.h>

namespace ecc::test {
namespace {

using testing::AnyOf;
using testing::HasSubstr;
using testing::SizeIs;

constexpr int clients = 8;

class Concurrency : public SigningTest {
protected:
    std::vector<Output> attach_at_once(const std::string& reference) {
        std::vector<Command> calls;
        for (int i = 0; i < clients; i++) {
            const std::string name = fmt::format("note{}.txt", i);
            write(name, as_bytes(name));
            calls.push_back({"attach", reference, "--artifact-type", "text/plain", name});
        }
        return ecc_at_once(calls);
    }

    std::vector<Output> sign_at_once(const std::string& reference) {
        std::vector<Command> calls;
        for (int i = 0; i < clients; i++) {
            const std::string name = fmt::format("key{}", i);
            make_key(name);
            calls.push_back({"sign", "--legacy", "--key", name + ".pem", reference});
        }
        return ecc_at_once(calls);
    }

    /// A client that could not keep its change says so, and so does docker-registry when it reads a file of
    /// its own while it writes it.
    static std::size_t succeeded(const std::vector<Output>& outputs) {
        for (const Output& output : outputs)
            if (output.status != 0) {
                EXPECT_EQ(output.status, 3);
                EXPECT_THAT(output.err, AnyOf(HasSubstr("other clients keep replacing"),
                                              HasSubstr("the registry answers")));
            }
        return std::ranges::count(outputs, 0, &Output::status);
    }

    /// Of the image that carries signatures of the older kind, one layer each.
    std::size_t signatures(const std::string& name) {
        const std::string tag = "sha256-" + digest_.substr(7) + ".sig";
        const Output fetched = ecc({"manifest", "fetch", name + ":" + tag});
        EXPECT_EQ(fetched.status, 0) << fetched.err;
        return nlohmann::json::parse(fetched.out)["layers"].size();
    }
};

TEST_F(Concurrency, LosesNoReferrersOfARegistryWithoutTheirAPI) {
    start_with_package();
    const std::size_t kept = succeeded(attach_at_once(ref("t/tool:1")));
    EXPECT_GT(kept, 0u);
    EXPECT_GE(ecc_json({"discover", ref("t/tool:1")})["referrers"].size(), kept);
}

TEST_F(Concurrency, LosesNoReferrersOfARegistryWithTheirAPI) {
    start_with_package({.referrers = true});
    EXPECT_EQ(succeeded(attach_at_once(ref("t/tool:1"))), clients);
    EXPECT_THAT(ecc_json({"discover", ref("t/tool:1")})["referrers"], SizeIs(clients));
}

TEST_F(Concurrency, LosesNoReferrersOfLayoutsAndArchives) {
    for (const char* reference : {"oci:shelf:1", "oci-archive:shelf.tar:1"}) {
        ASSERT_EQ(ecc({"push", "tool.wasm", reference}).status, 0);
        EXPECT_EQ(succeeded(attach_at_once(reference)), clients);
        EXPECT_THAT(ecc_json({"discover", reference})["referrers"], SizeIs(clients)) << reference;
    }
}

TEST_F(Concurrency, LosesNoSignaturesOfTheOlderKind) {
    start_with_package();
    const std::size_t kept = succeeded(sign_at_once(ref("t/tool:1")));
    EXPECT_GT(kept, 0u);
    EXPECT_GE(signatures(ref("t/tool")), kept);
}

TEST_F(Concurrency, LosesNoSignaturesOfTheOlderKindInLayoutsAndArchives) {
    for (const char* place : {"oci:shelf", "oci-archive:shelf.tar"}) {
        const std::string reference = std::string(place) + ":1";
        digest_ = ecc_json({"push", "tool.wasm", reference})["digest"];
        EXPECT_EQ(succeeded(sign_at_once(reference)), clients);
        EXPECT_EQ(signatures(place), clients) << place;
    }
}

} // namespace
} // namespace ecc::test

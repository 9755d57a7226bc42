// Digests and signatures through ecc-run, as an operator without a network uses them. Whatever is wrong ends
// with 125 before the guest begins.
#include "support/digest.h"
#include "support/files.h"
#include "tests/unit/package/key_pair.h"
#include "tests/unit/package/signed_sample.h"
#include "tests/unit/runtime/guest_process.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

namespace ecc {
namespace {

using namespace test;
using samples::Pair;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string no_digest = "sha256:" + std::string(64, '0');

class Trust : public testing::Test {
protected:
    Trust() {
        write("x.wasm", as_text(module_));
        write("key.pub", key_.open);
        write("other.pub", other_.open);
        write("x.sig.json", signature(key_));
    }

    std::string path(const std::string& name) const { return (folder_.path() / name).string(); }
    void write(const std::string& name, std::string_view text) const {
        write_file(folder_.path() / name, as_bytes(text)).value();
    }
    std::string digest() const { return sha256_digest(module_); }
    std::string signature(const Pair& pair) const {
        return signed_manifest_to_json(
            samples::signed_by(pair.private_key(), {samples::manifest_of(digest())}));
    }
    Ended run_signed(const std::string& key = "key.pub") const {
        return run(
            {"--bundle", path("x.sig.json"), "--verify-key", path(key), path("x.wasm"), "--", "exit", "4"});
    }
    void expect_refused(const Ended& ended, const std::string& reason) const {
        EXPECT_EQ(ended.status, 125);
        EXPECT_THAT(ended.err, HasSubstr(reason));
        EXPECT_THAT(ended.out, IsEmpty());
    }
    std::string policy(const std::string& rules) const {
        write("policy.toml", "version = 1\n" + rules +
                                 "[[signer]]\nname = \"tools\"\nallow = { act = true }\nkey = \"\"\"\n" +
                                 key_.open + "\"\"\"\n");
        ::chmod(path("policy.toml").c_str(), 0600);
        return path("policy.toml");
    }

    TempDir folder_ = TempDir::make().value();
    Bytes module_ = guest_bytes("plain.wasm");
    Pair key_{"EC", "P-256"}, other_{"EC", "P-256"};
};

TEST_F(Trust, runs_what_has_the_expected_digest) {
    EXPECT_EQ(run({"--expect-digest", digest(), path("x.wasm"), "--", "exit", "4"}).status, 4);
    expect_refused(run({"--expect-digest", no_digest, path("x.wasm")}), "not the expected " + no_digest);
    expect_refused(run({"--expect-digest", digest(), "--expect-digest", no_digest, path("x.wasm")}),
                   "not the expected");
    for (const std::string& text :
         {std::string("sha256:1"), digest().substr(7), digest() + "0", std::string()})
        expect_refused(run({"--expect-digest", text, path("x.wasm")}), "64 lower-case hexadecimal digits");
}

TEST_F(Trust, runs_what_is_signed_with_the_key) {
    const auto ended = run_signed();
    EXPECT_EQ(ended.status, 4) << ended.err;
    expect_refused(run_signed("other.pub"), "no signature is by this key");
}

TEST_F(Trust, refuses_a_changed_module) {
    module_.back() ^= 1;
    write("x.wasm", as_text(module_));
    expect_refused(run_signed(), "is about another package");
}

TEST_F(Trust, refuses_a_changed_manifest_or_bundle) {
    const auto good = nlohmann::json::parse(signature(key_));
    const auto others = nlohmann::json::parse(signature(other_));
    for (const char* part : {"/manifests/0", "/signatures/0/dsseEnvelope/payload",
                             "/signatures/0/dsseEnvelope/signatures/0/sig"}) {
        auto changed = good;
        auto& text = changed[nlohmann::json::json_pointer(part)].get_ref<std::string&>();
        text[text.size() / 2] = text[text.size() / 2] == 'A' ? 'B' : 'A';
        write("x.sig.json", changed.dump());
        expect_refused(run_signed(), "x.sig.json");
    }
    auto mixed = good;
    mixed["signatures"][0]["dsseEnvelope"]["signatures"] =
        others["signatures"][0]["dsseEnvelope"]["signatures"];
    write("x.sig.json", mixed.dump());
    expect_refused(run_signed(), "no signature is by this key");
}

TEST_F(Trust, refuses_files_that_are_cut_off_or_too_large) {
    const auto whole = signature(key_);
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, whole.size() / 2, whole.size() - 1}) {
        write("x.sig.json", std::string_view(whole).substr(0, size));
        expect_refused(run_signed(), "x.sig.json");
    }
    write("x.sig.json", whole + std::string(max_signed_manifest_size, ' '));
    expect_refused(run_signed(), "x.sig.json");
    write("key.pub", std::string(1u << 20, 'x'));
    write("x.sig.json", whole);
    expect_refused(run_signed(), "key.pub");
}

TEST_F(Trust, refuses_half_of_a_question) {
    expect_refused(run({"--verify-key", path("key.pub"), path("x.wasm")}),
                   "--verify-key needs the signatures");
    expect_refused(run({"--bundle", path("x.sig.json"), path("x.wasm")}), "is compared with nothing");
}

TEST_F(Trust, lets_signers_of_the_policy_do_what_it_says) {
    module_ = packaged("plain.wasm", {"acting"});
    write("x.wasm", as_text(module_));
    write("x.sig.json", signature(key_));
    const auto rules = policy("");
    const auto unsigned_one = run({"--explain", "--policy", rules, path("x.wasm")});
    EXPECT_EQ(unsigned_one.status, 125);
    EXPECT_THAT(unsigned_one.out, HasSubstr("--allow act would allow it"));
    const auto explained =
        run({"--explain", "--policy", rules, "--bundle", path("x.sig.json"), path("x.wasm")});
    EXPECT_EQ(explained.status, 0) << explained.out << explained.err;
    EXPECT_THAT(explained.out, HasSubstr("signed by     tools\n"));
    EXPECT_THAT(explained.out, HasSubstr("allowed by " + rules + " for the signer \"tools\""));
    const auto json = nlohmann::json::parse(
        run({"--explain", "--json", "--policy", rules, "--bundle", path("x.sig.json"), path("x.wasm")}).out);
    EXPECT_EQ(json["signers"], nlohmann::json::array({"tools"}));
    write("x.sig.json", signature(other_));
    const auto by_another =
        run({"--explain", "--policy", rules, "--bundle", path("x.sig.json"), path("x.wasm")});
    EXPECT_EQ(by_another.status, 125);
    EXPECT_THAT(by_another.out, HasSubstr("--allow act would allow it"));
}

TEST_F(Trust, keeps_everybody_out_whom_the_policy_does_not_name) {
    const auto rules = policy("[only]\nsigners = [\"tools\"]\n");
    EXPECT_EQ(
        run({"--policy", rules, "--bundle", path("x.sig.json"), path("x.wasm"), "--", "exit", "4"}).status,
        4);
    expect_refused(run({"--policy", rules, path("x.wasm")}), "not known to be signed by tools");
    expect_refused(run({"--policy", rules, "--allow-all", path("x.wasm")}),
                   "not known to be signed by tools");
    write("x.sig.json", signature(other_));
    expect_refused(run({"--policy", rules, "--bundle", path("x.sig.json"), path("x.wasm")}),
                   "not known to be signed");
    expect_refused(run({"--policy", rules, "--bundle", path("x.sig.json"), "--verify-key", path("other.pub"),
                        path("x.wasm")}),
                   "not known to be signed by tools");
}

} // namespace
} // namespace ecc

// The fixture of the tests with attestations: a package that was just built, and the record of its build.
#pragma once

#include "support/digest.h"
#include "tests/registry/signing_test.h"

namespace ecc::test {

inline constexpr const char* kernel_source = R"(#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "limits.h"
SEC("tracepoint/syscalls/sys_enter_openat") int seen(void *ctx) { return LIMIT; }
char LICENSE[] SEC("license") = "GPL";
)";
inline constexpr const char* user_source = R"(#include <stdio.h>
int main(void) { puts("hello"); return 0; }
)";

class AttestationTest : public SigningTest {
protected:
    void SetUp() override {
        SigningTest::SetUp();
        write("tool.bpf.c", as_bytes(kernel_source));
        write("tool.c", as_bytes(user_source));
        write("limits.h", as_bytes("#define LIMIT 1\n"));
        const Output built = ecc({"tool.bpf.c", "tool.c", "-DA=1", "--record", "tool.build.json"});
        ASSERT_EQ(built.status, 0) << built.err;
        package_ = read("tool.wasm");
    }

    void push_attested(const RegistryOptions& options = {}) {
        start_registry(options);
        const Output pushed =
            ecc({"push", "tool.wasm", ref("t/tool:1"), "--attest", "tool.build.json", "--key", "key.pem"});
        ASSERT_EQ(pushed.status, 0) << pushed.err;
    }
    nlohmann::json stated(const std::string& type, const std::string& reference) {
        const Output output = ecc({"verify", "--key", "key.pub", "--type", type, reference});
        EXPECT_EQ(output.status, 0) << output.err;
        return nlohmann::json::parse(output.out, nullptr, false);
    }
    Output cosign_verify_attestation(const std::string& type, const std::string& key = "key.pub") {
        return cosign({"verify-attestation", "--key", key, "--type", type, "--insecure-ignore-tlog=true",
                       ref("t/tool:1")});
    }
    void expect_refused(Command command, int status, const std::string& reason) {
        const Output output = ecc(command);
        EXPECT_EQ(output.status, status) << output.err;
        EXPECT_THAT(output.err, testing::HasSubstr(reason));
    }
    std::string hex_of(const std::string& name) { return sha256_digest(read(name)).substr(7); }
};

inline nlohmann::json with_name(const nlohmann::json& list, const std::string& name) {
    for (const nlohmann::json& element : list)
        if (element.value("name", "") == name)
            return element;
    ADD_FAILURE() << name << " is not among " << list;
    return nlohmann::json::object();
}

} // namespace ecc::test

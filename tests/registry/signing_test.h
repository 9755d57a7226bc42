// The fixture of the tests of signatures and attestations: two pairs of keys, a package in a registry, and
// cosign.
#pragma once

#include "tests/registry/clients.h"
#include "tests/registry/registry_test.h"

namespace ecc::test {

class SigningTest : public RegistryTest {
protected:
    void SetUp() override {
        RegistryTest::SetUp();
        set("COSIGN_PASSWORD", "secret");
        make_key("key");
        make_key("other");
    }

    void make_key(const std::string& name) {
        Output made = run_here({"openssl", "genpkey", "-algorithm", "EC", "-pkeyopt",
                                "ec_paramgen_curve:P-256", "-out", name + ".pem"});
        ASSERT_EQ(made.status, 0) << made.err;
        made = run_here({"openssl", "pkey", "-in", name + ".pem", "-pubout", "-out", name + ".pub"});
        ASSERT_EQ(made.status, 0) << made.err;
    }

    void start_with_package(const RegistryOptions& options = {}) {
        start_registry(options);
        digest_ = ecc_json({"push", "tool.wasm", ref("t/tool:1")})["digest"];
    }

    Output sign(const std::string& reference, const std::string& key = "key.pem", Command more = {}) {
        Command command = {"sign", "--key", key, reference};
        command.insert(command.end(), more.begin(), more.end());
        return ecc(command);
    }
    Output verify(const std::string& reference, const std::string& key = "key.pub") {
        return ecc({"verify", "--key", key, reference});
    }

    Output cosign(Command arguments) {
        arguments.insert(arguments.begin(), {client("cosign"), arguments.front(), "--allow-http-registry"});
        arguments.erase(arguments.begin() + 3);
        return run_here(arguments);
    }
    Output cosign_sign(const std::string& reference, Command more = {}) {
        Command command = {"sign", "--key", "cosign.key", "--tlog-upload=false", "--use-signing-config=false",
                           "-y"};
        command.insert(command.end(), more.begin(), more.end());
        command.push_back(reference);
        return cosign(command);
    }
    Output cosign_verify(const std::string& reference, const std::string& key = "key.pub") {
        return cosign({"verify", "--key", key, "--insecure-ignore-tlog=true", reference});
    }
    void make_cosign_key() {
        Output made = run_here({client("cosign"), "generate-key-pair"});
        ASSERT_EQ(made.status, 0) << made.err;
    }

    std::string digest_;
};

} // namespace ecc::test

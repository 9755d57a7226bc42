// Registries that ask who is there: Basic logins from docker's and podman's files, and certificates.

#include "tests/registry/registry_test.h"

namespace ecc::test {
namespace {

using testing::HasSubstr;

constexpr int environment_fault = 3;

class Login : public RegistryTest {
protected:
    /// A registry with one user, "user" with password "secret".
    void start_with_password() {
        Output made = run_here({"htpasswd", "-nbB", "user", "secret"});
        ASSERT_EQ(made.status, 0) << "htpasswd is missing; install the Debian package apache2-utils: "
                                  << made.err;
        write("htpasswd", as_bytes(made.out));
        start_registry({.htpasswd = file("htpasswd")});
    }

    /// base64 of "user:secret" or "user:wrong"
    void log_in(const std::string& config_file, const std::string& auth) {
        nlohmann::json document = {{"auths", {{registry_->host(), {{"auth", auth}}}}}};
        std::filesystem::create_directories(file(config_file).parent_path());
        write(config_file, as_bytes(document.dump()));
    }

    static constexpr const char* right = "dXNlcjpzZWNyZXQ=";
    static constexpr const char* wrong = "dXNlcjp3cm9uZw==";
};

TEST_F(Login, IsTakenFromDockersFile) {
    start_with_password();
    log_in(".docker/config.json", right);
    Output pushed = ecc({"push", "tool.wasm", ref("t/tool:1")});
    EXPECT_EQ(pushed.status, 0) << pushed.err;
    EXPECT_EQ(ecc({"pull", ref("t/tool:1"), "-o", "back.wasm"}).status, 0);
    EXPECT_EQ(read("back.wasm"), package_);
}

TEST_F(Login, IsTakenFromPodmansFile) {
    start_with_password();
    log_in("auth.json", right);
    set("REGISTRY_AUTH_FILE", "auth.json");
    EXPECT_EQ(ecc({"push", "tool.wasm", ref("t/tool:1")}).status, 0);
}

TEST_F(Login, ThatPodmanToolsWroteWorks) {
    start_with_password();
    set("REGISTRY_AUTH_FILE", file("auth.json"));
    Output login =
        run_here({"skopeo", "login", "--tls-verify=false", "-u", "user", "-p", "secret", registry_->host()});
    ASSERT_EQ(login.status, 0) << "skopeo: " << login.err;
    EXPECT_EQ(ecc({"push", "tool.wasm", ref("t/tool:1")}).status, 0);
}

TEST_F(Login, MissingSaysWhereLoginsAreLookedFor) {
    start_with_password();
    for (const Command& command :
         {Command{"push", "tool.wasm", ref("t/tool:1")}, Command{"pull", ref("t/tool:1")}}) {
        Output refused = ecc(command);
        EXPECT_EQ(refused.status, environment_fault);
        EXPECT_THAT(refused.err,
                    HasSubstr(registry_->host() + ": access to t/tool denied: a login is needed"));
        EXPECT_THAT(refused.err, HasSubstr("podman login " + registry_->host()));
        EXPECT_THAT(refused.err, HasSubstr(file(".docker/config.json").string()));
    }
}

TEST_F(Login, ThatIsWrongIsRefused) {
    start_with_password();
    log_in(".docker/config.json", wrong);
    Output refused = ecc({"push", "tool.wasm", ref("t/tool:1")});
    EXPECT_EQ(refused.status, environment_fault);
    EXPECT_THAT(refused.err, HasSubstr("access to t/tool denied"));
    EXPECT_EQ(refused.err.find(wrong), std::string::npos) << "secrets are not printed";
}

class Certificate : public RegistryTest {
protected:
    void start_with_certificate() {
        Output made =
            run_here({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                      "-nodes", "-keyout", "key.pem", "-out", "cert.pem", "-days", "2", "-subj",
                      "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"});
        ASSERT_EQ(made.status, 0) << "openssl: " << made.err;
        start_registry({.certificate = file("cert.pem"), .key = file("key.pem")});
    }
};

TEST_F(Certificate, OfAnUnknownAuthorityIsRefused) {
    start_with_certificate();
    Output refused = ecc({"push", "tool.wasm", ref("t/tool:1")});
    EXPECT_EQ(refused.status, environment_fault);
    EXPECT_THAT(refused.err, HasSubstr("certificate"));
    EXPECT_THAT(refused.err, HasSubstr("SSL_CERT_FILE"));
}

TEST_F(Certificate, OfANamedAuthorityIsAccepted) {
    start_with_certificate();
    set("SSL_CERT_FILE", file("cert.pem"));
    Output pushed = ecc({"push", "tool.wasm", ref("t/tool:1")});
    EXPECT_EQ(pushed.status, 0) << pushed.err;
    EXPECT_EQ(ecc({"pull", ref("t/tool:1"), "-o", "back.wasm"}).status, 0);
    EXPECT_EQ(read("back.wasm"), package_);
}

TEST_F(Certificate, ForAnotherHostIsRefused) {
    start_with_certificate();
    set("SSL_CERT_FILE", file("cert.pem"));
    const std::string port = registry_->host().substr(registry_->host().rfind(':'));
    EXPECT_EQ(ecc({"push", "tool.wasm", "127.0.0.1" + port + "/t/tool:1"}).status, environment_fault);
}

} // namespace
} // namespace ecc::test

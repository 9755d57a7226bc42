// Registries behind a proxy. "registry.test" is a name that only the proxy knows.

#include "tests/registry/http_server.h"
#include "tests/registry/proxy_server.h"
#include "tests/registry/registry_test.h"

#include <fmt/format.h>

namespace ecc::test {
namespace {

using testing::AllOf;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

constexpr int environment_fault = 3;
constexpr const char* registry_login = "dXNlcjpzZWNyZXQ="; // user:secret
constexpr const char* proxy_login = "bWU6cGFzcw==";        // me:pass

class Proxy : public RegistryTest {
protected:
    void start_with_password(RegistryOptions options = {}) {
        const Output made = run_here({"htpasswd", "-nbB", "user", "secret"});
        ASSERT_EQ(made.status, 0) << "htpasswd is missing; install the Debian package apache2-utils: "
                                  << made.err;
        write("htpasswd", as_bytes(made.out));
        options.htpasswd = file("htpasswd");
        start_registry(options);
    }

    /// NAME.pem and NAME-key.pem, by an authority that nobody knows.
    void make_certificate(const std::string& name, const std::string& holder) {
        const Output made =
            run_here({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                      "-nodes", "-keyout", name + "-key.pem", "-out", name + ".pem", "-days", "2", "-subj",
                      "/CN=" + name, "-addext", "subjectAltName=" + holder});
        ASSERT_EQ(made.status, 0) << "openssl: " << made.err;
    }

    TlsEnd tls(const std::string& name) { return {file(name + ".pem"), file(name + "-key.pem")}; }

    TlsEnd make_tls() {
        make_certificate("proxy", "IP:127.0.0.1");
        return tls("proxy");
    }

    void start_with_certificate() {
        make_certificate("cert", "DNS:registry.test");
        set("SSL_CERT_FILE", file("cert.pem"));
        start_with_password({.certificate = file("cert.pem"), .key = file("cert-key.pem")});
    }

    std::string named_host() const {
        return "registry.test" + registry_->host().substr(registry_->host().rfind(':'));
    }
    std::string named(const std::string& name) const { return named_host() + "/" + name; }

    Output log_in(const Command& options = {}) {
        Command command = {"login", named_host(), "-u", "user", "-p", "secret"};
        command.insert(command.end(), options.begin(), options.end());
        return ecc(command);
    }

    void expect_login_push_and_pull(const Command& options = {}) {
        const auto succeed = [&](Command command) {
            command.insert(command.end(), options.begin(), options.end());
            const Output output = ecc(command);
            EXPECT_EQ(output.status, 0) << output.err;
        };
        succeed({"login", named_host(), "-u", "user", "-p", "secret"});
        succeed({"push", "tool.wasm", named("t/tool:1")});
        succeed({"pull", named("t/tool:1"), "-o", "back.wasm"});
        EXPECT_EQ(read("back.wasm"), package_);
    }

    /// With what nobody must learn from a message.
    void expect_failure(const Command& command, const std::string& what, const std::string& hint) {
        const Output refused = ecc(command);
        EXPECT_EQ(refused.status, environment_fault) << refused.err;
        EXPECT_THAT(refused.err, AllOf(HasSubstr(what), HasSubstr(hint)));
        EXPECT_THAT(refused.err,
                    AllOf(Not(HasSubstr("pass@")), Not(HasSubstr(":pass")), Not(HasSubstr(proxy_login))));
    }

    static std::string with_login(const ProxyServer& proxy, const std::string& login = "me:pass") {
        return "http://" + login + "@" + proxy.host();
    }

    /// A port at which nobody answers.
    static std::string nobody() { return ProxyServer().host(); }
};

TEST_F(Proxy, CarriesLoginPushAndPullWithTls) {
    start_with_certificate();
    ProxyServer proxy;
    set("https_proxy", "http://" + proxy.host());
    set("http_proxy", "http://" + nobody());
    expect_login_push_and_pull();
    EXPECT_THAT(proxy.heads(), Each(AllOf(StartsWith("CONNECT " + named_host() + " HTTP/1.1\r\n"),
                                          Not(HasSubstr("Authorization:")), Not(HasSubstr(registry_login)))))
        << "the proxy learns the place alone";
    EXPECT_THAT(proxy.heads(), Not(IsEmpty()));
}

TEST_F(Proxy, CarriesLoginPushAndPullWithoutTls) {
    start_with_password();
    ProxyServer proxy;
    set("http_proxy", "http://" + proxy.host());
    set("https_proxy", "http://" + nobody());
    expect_login_push_and_pull({"--plain-http"});
    EXPECT_THAT(proxy.heads(),
                Each(AllOf(HasSubstr(" http://" + named_host() + "/v2/"), Not(HasSubstr("CONNECT")),
                           Not(HasSubstr("Proxy-Authorization:")))));
    EXPECT_THAT(proxy.heads()[0], Not(HasSubstr(registry_login))) << "not before the registry asks";
}

TEST_F(Proxy, MayWantALoginOfItsOwn) {
    start_with_certificate();
    ProxyServer proxy(proxy_login);
    set("https_proxy", with_login(proxy));
    expect_login_push_and_pull();
    EXPECT_THAT(proxy.heads(),
                Each(AllOf(HasSubstr("\r\nProxy-Authorization: Basic "), Not(HasSubstr(registry_login)))));
}

TEST_F(Proxy, MayWantALoginOfItsOwnWithoutTls) {
    start_with_password();
    ProxyServer proxy(proxy_login);
    set("http_proxy", with_login(proxy));
    expect_login_push_and_pull({"--plain-http"});
}

TEST_F(Proxy, MaySpeakTls) {
    start_with_certificate();
    ProxyServer proxy(proxy_login, make_tls());
    set("https_proxy", "https://me:pass@" + proxy.host());
    expect_login_push_and_pull({"--ca-file", "proxy.pem"});
    EXPECT_THAT(proxy.heads(), Each(AllOf(StartsWith("CONNECT " + named_host() + " HTTP/1.1\r\n"),
                                          Not(HasSubstr(registry_login)))));
    EXPECT_THAT(proxy.heads(), Not(IsEmpty()));
}

TEST_F(Proxy, MaySpeakTlsInFrontOfARegistryThatDoesNot) {
    start_with_password();
    ProxyServer proxy({}, make_tls());
    set("http_proxy", "HTTPS://" + proxy.host());
    set("SSL_CERT_FILE", file("proxy.pem"));
    expect_login_push_and_pull({"--plain-http"});
    EXPECT_THAT(proxy.heads(), Each(HasSubstr(" http://" + named_host() + "/v2/")));
}

TEST_F(Proxy, OfAnUnknownAuthorityIsTold) {
    ProxyServer proxy({}, make_tls());
    make_certificate("other", "DNS:other.test");
    ProxyServer of_another_name({}, tls("other"));
    const std::string hint = "the authority of the proxy's certificate";
    for (const char* variable : {"https_proxy", "http_proxy"})
        set(variable, "https://me:pass@" + proxy.host());
    const std::string what = fmt::format("no connection through the proxy {}: ", proxy.host());
    expect_failure({"pull", "registry.test/t/tool:1"}, "registry.test:443: " + what, hint);
    expect_failure({"pull", "--plain-http", "registry.test/t/tool:1"}, "registry.test:80: " + what, hint);
    set("https_proxy", "https://me:pass@" + of_another_name.host());
    expect_failure({"pull", "--ca-file", "other.pem", "registry.test/t/tool:1"},
                   fmt::format("no connection through the proxy {}: ", of_another_name.host()), hint);
    EXPECT_THAT(proxy.heads(), IsEmpty());
    EXPECT_THAT(of_another_name.heads(), IsEmpty());
}

TEST_F(Proxy, MayHaveAnyCertificateIfTheRegistryMay) {
    start_with_certificate();
    variables_.clear();
    ProxyServer proxy({}, make_tls());
    set("https_proxy", "https://" + proxy.host());
    EXPECT_EQ(log_in({"--insecure"}).status, 0);
    EXPECT_THAT(proxy.heads(), Not(IsEmpty()));
}

TEST_F(Proxy, IsNotBlamedForTheRegistrysCertificate) {
    start_with_certificate();
    ProxyServer proxy({}, make_tls());
    set("SSL_CERT_FILE", file("proxy.pem"));
    set("https_proxy", "https://" + proxy.host());
    expect_failure({"pull", named("t/tool:1")}, "no complete reply from the registry",
                   "name that with --ca-file");
    EXPECT_THAT(proxy.heads(), SizeIs(1));
}

TEST_F(Proxy, ThatHangsUpOnTlsOrOnItsAbsenceIsNamed) {
    ProxyServer proxy, with_tls({}, make_tls());
    for (const auto& [scheme, host] : {std::pair("https", proxy.host()), {"http", with_tls.host()}}) {
        set("https_proxy", fmt::format("{}://me:pass@{}", scheme, host));
        expect_failure({"pull", "--ca-file", "proxy.pem", "registry.test/t/tool:1"},
                       fmt::format("no connection through the proxy {}: ", host),
                       "https_proxy names that proxy");
    }
}

TEST_F(Proxy, IsNamedIfItWantsALogin) {
    for (const char* login : {"", "me:wrong@", ":@"}) {
        ProxyServer proxy(proxy_login);
        const std::string address = "http://" + std::string(login) + proxy.host();
        set("https_proxy", address);
        set("http_proxy", address);
        const std::string what = fmt::format("the proxy {} wants a login", proxy.host());
        const std::string hint = "_proxy: http://USER:PASSWORD@" + proxy.host();
        expect_failure({"pull", "registry.test/t/tool:1"}, what, "https" + hint);
        expect_failure({"pull", "--plain-http", "registry.test/t/tool:1"}, what, "http" + hint);
        expect_failure({"push", "tool.wasm", "registry.test/t/tool:1"}, what, "https" + hint);
        expect_failure({"login", "registry.test", "-u", "user", "-p", "secret"}, what, "https" + hint);
        EXPECT_THAT(proxy.heads(), SizeIs(testing::Le(8u))) << "asked again and again it says the same";
    }
}

TEST_F(Proxy, ThatIsDeadIsNamed) {
    const std::string dead = nobody();
    set("https_proxy", "http://me:pass@" + dead);
    set("http_proxy", "http://me:pass@" + dead);
    for (const Command& command : {Command{"pull", "registry.test/t/tool:1"},
                                   {"push", "tool.wasm", "registry.test/t/tool:1"},
                                   {"login", "registry.test", "-u", "user", "-p", "secret"}})
        expect_failure(command, fmt::format("the proxy {} cannot be reached", dead), "correct https_proxy");
    expect_failure({"pull", "--plain-http", "registry.test/t/tool:1"},
                   fmt::format("registry.test:80: the proxy {} cannot be reached", dead),
                   "correct http_proxy");
}

TEST_F(Proxy, ThatIsNoneIsNamedWithoutItsPassword) {
    for (const char* address :
         {"http://me:pass@proxy.invalid:3128", "ftp://me:pass@proxy.invalid:3128",
          "http://me:pass@proxy.invalid:x", "http://me:pass@proxy.invalid:99999", "http://me:pass@"}) {
        set("https_proxy", address);
        const Output refused = ecc({"pull", "registry.test/t/tool:1"});
        EXPECT_EQ(refused.status, environment_fault) << address;
        EXPECT_THAT(refused.err, AllOf(HasSubstr("https_proxy"), Not(HasSubstr("pass")))) << address;
    }
    set("https_proxy", "http://me:pass@proxy.invalid:3128");
    expect_failure({"pull", "registry.test/t/tool:1"}, "the proxy proxy.invalid:3128 cannot be reached",
                   "list it in no_proxy");
    set("https_proxy", "http://[::1]:1");
    expect_failure({"pull", "registry.test/t/tool:1"}, "the proxy [::1]:1 cannot be reached", "https_proxy");
    set("https_proxy", "ftp://me:pass@127.0.0.1:1");
    expect_failure({"pull", "registry.test/t/tool:1"}, "https_proxy is no address of a proxy: 127.0.0.1:1",
                   "write http://[USER:PASSWORD@]HOST:PORT");
}

TEST_F(Proxy, ThatRefusesIsNamed) {
    for (const int status : {302, 403, 404, 502}) {
        HttpServer proxy([&](const auto&) { return http_reply(status, "", ""); });
        set("https_proxy", "http://" + proxy.host());
        expect_failure({"pull", "registry.test/t/tool:1"},
                       fmt::format("registry.test:443: the proxy {} answers {}", proxy.host(), status),
                       "list it in no_proxy");
        EXPECT_EQ(proxy.requests().size() > 1, status == 502) << "asked again only if that may help";
    }
}

TEST_F(Proxy, ThatSpeaksInPlaceOfTheRegistryIsNotBelieved) {
    HttpServer proxy([](const auto&) {
        return std::string("HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
    });
    set("https_proxy", "http://" + proxy.host());
    EXPECT_EQ(ecc({"pull", "registry.test/t/tool:1"}).status, environment_fault);
    for (const auto& request : proxy.requests())
        EXPECT_EQ(request.method, "CONNECT");
}

TEST_F(Proxy, ThatNeverEndsItsReplyIsGivenUp) {
    HttpServer proxy([](const auto&) {
        return HttpServer::Reply("HTTP/1.1 200 OK\r\n", "X-Filler: " + std::string(4096, 'x') + "\r\n");
    });
    set("https_proxy", "http://" + proxy.host());
    EXPECT_EQ(ecc({"pull", "registry.test/t/tool:1"}).status, environment_fault);
    EXPECT_LT(proxy.sent(), 64u << 20);
}

TEST_F(Proxy, IsNamedByEitherSpellingOfTheVariables) {
    start_with_certificate();
    ASSERT_FALSE(HasFailure());
    for (const char* variable : {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}) {
        ProxyServer proxy;
        variables_ = {"SSL_CERT_FILE=" + file("cert.pem").string(),
                      std::string(variable) + "=http://" + proxy.host()};
        EXPECT_EQ(log_in().status, 0) << variable;
        EXPECT_THAT(proxy.heads(), Not(IsEmpty())) << variable;
    }
}

TEST_F(Proxy, IsNamedByEitherSpellingForRegistriesWithoutTls) {
    start_with_password();
    for (const char* variable : {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"}) {
        ProxyServer proxy;
        variables_ = {std::string(variable) + "=http://" + proxy.host()};
        EXPECT_EQ(log_in({"--plain-http"}).status, 0) << variable;
        EXPECT_THAT(proxy.heads(), Not(IsEmpty())) << variable;
    }
    ProxyServer proxy;
    variables_ = {"HTTP_PROXY=http://" + proxy.host(), "REQUEST_METHOD=GET"};
    EXPECT_EQ(log_in({"--plain-http"}).status, environment_fault);
    EXPECT_THAT(proxy.heads(), IsEmpty()) << "a header of a web server's client";
}

TEST_F(Proxy, IsNotUsedForHostsThatAreExcepted) {
    for (const char* hosts : {"no_proxy=registry.test", "NO_PROXY=other.test,registry.test:443"}) {
        ProxyServer proxy;
        variables_ = {"https_proxy=http://" + proxy.host(), hosts};
        const Output refused = ecc({"pull", "registry.test/t/tool:1"});
        EXPECT_EQ(refused.status, environment_fault);
        EXPECT_THAT(refused.err, AllOf(HasSubstr("registry.test"), Not(HasSubstr("the proxy")))) << hosts;
        EXPECT_THAT(proxy.heads(), IsEmpty()) << hosts;
    }
    ProxyServer proxy;
    variables_ = {"https_proxy=http://" + proxy.host(), "no_proxy=try.test,other,registry.test:5000"};
    EXPECT_EQ(ecc({"pull", "registry.test/t/tool:1"}).status, environment_fault);
    EXPECT_THAT(proxy.heads(), Not(IsEmpty()));
}

TEST_F(Proxy, IsNotUsedForLoopbackHostsWhichNeverLearnItsLogin) {
    HttpServer registry([](const auto&) { return http_reply(404, "", ""); });
    for (const char* variable : {"http_proxy", "https_proxy", "all_proxy"})
        set(variable, "http://me:pass@" + nobody());
    EXPECT_EQ(ecc({"pull", "--plain-http", registry.host() + "/t/tool:1"}).status, 1);
    ASSERT_THAT(registry.requests(), Not(IsEmpty()));
    for (const ServedRequest& request : registry.requests())
        EXPECT_FALSE(request.headers.contains("proxy-authorization"));
}

} // namespace
} // namespace ecc::test

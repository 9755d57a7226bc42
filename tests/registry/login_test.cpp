// Registries that ask who is there: Basic logins from docker's and podman's files, tokens, and certificates.

#include "packager/oci/credential_helper.h"
#include "tests/registry/http_server.h"
#include "tests/registry/registry_test.h"
#include "tests/unit/runtime/refused_call.h"

#include <cerrno>
#include <csignal>
#include <fmt/format.h>
#include <poll.h>
#include <pty.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <utmp.h>

namespace ecc::test {
namespace {

using testing::AllOf;
using testing::Each;
using testing::EndsWith;
using testing::Ge;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

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

/// docker-registry with a token server: each request needs a JWT for what it does.
class Tokens : public Login {
protected:
    void start_with_tokens(const nlohmann::json& login) {
        start_registry({.tokens = true});
        const nlohmann::json document = {{"auths", {{registry_->host(), login}}}};
        std::filesystem::create_directories(file(".docker"));
        write(".docker/config.json", as_bytes(document.dump()));
    }
    void expect_everything_works() {
        Output pushed = ecc({"push", "tool.wasm", ref("t/tool:1")});
        EXPECT_EQ(pushed.status, 0) << pushed.err;
        Output copied = ecc({"cp", ref("t/tool:1"), ref("u/copy:1")});
        EXPECT_EQ(copied.status, 0) << "blobs are mounted from another repository: " << copied.err;
        EXPECT_EQ(ecc({"tags", ref("u/copy")}).out, "1\n");
        EXPECT_EQ(ecc({"pull", ref("u/copy:1"), "-o", "back.wasm"}).status, 0);
        EXPECT_EQ(read("back.wasm"), package_);
        Output removed = ecc({"delete", "--force", ref("u/copy:1")});
        EXPECT_EQ(removed.status, 0) << removed.err;
    }
};

TEST_F(Tokens, AreFetchedWithTheLogin) {
    start_with_tokens({{"auth", right}});
    expect_everything_works();
}

TEST_F(Tokens, AreFetchedWithAnIdentityToken) {
    start_with_tokens({{"identitytoken", "me"}});
    expect_everything_works();
}

TEST_F(Tokens, AreRefusedForAWrongOrMissingLogin) {
    for (const nlohmann::json& login : {nlohmann::json{{"auth", wrong}},
                                        nlohmann::json{{"identitytoken", "you"}}, nlohmann::json::object()}) {
        start_with_tokens(login);
        Output refused = ecc({"push", "tool.wasm", ref("t/tool:1")});
        EXPECT_EQ(refused.status, environment_fault) << login;
        EXPECT_THAT(refused.err, HasSubstr("denied")) << login;
    }
}

TEST_F(Tokens, AreWhatTheLoginCommandTriesOut) {
    start_with_tokens(nlohmann::json::object());
    const std::string command = ECC_BINARY_DIR "/bin/ecc login -u user --password-stdin " + registry_->host();
    EXPECT_NE(run_here({"sh", "-c", "echo wrong | " + command}).status, 0);
    Output login = run_here({"sh", "-c", "echo secret | " + command});
    EXPECT_EQ(login.status, 0) << login.err;
    expect_everything_works();
}

class LoginCommand : public Login {
protected:
    Output log_in_as(const std::string& password, const std::string& options = "") {
        return run_here({"sh", "-c",
                         "echo " + password + " | " ECC_BINARY_DIR "/bin/ecc login " + registry_->host() +
                             " -u user --password-stdin " + options});
    }
};

TEST_F(LoginCommand, KeepsTheLoginForItselfAndOthers) {
    start_with_password();
    Output login = log_in_as("secret");
    EXPECT_EQ(login.status, 0) << login.err;
    EXPECT_EQ(ecc({"push", "tool.wasm", ref("t/tool:1")}).status, 0);
    set("REGISTRY_AUTH_FILE", file(".docker/config.json")); // skopeo looks for podman's
    Output skopeo =
        run_here({"skopeo", "inspect", "--raw", "--tls-verify=false", "docker://" + ref("t/tool:1")});
    EXPECT_EQ(skopeo.status, 0) << skopeo.err;
}

TEST_F(LoginCommand, WritesAFileThatOnlyItsOwnerReads) {
    start_with_password();
    ASSERT_EQ(log_in_as("secret").status, 0);
    using std::filesystem::perms;
    EXPECT_EQ(std::filesystem::status(file(".docker/config.json")).permissions(),
              perms::owner_read | perms::owner_write);
    EXPECT_EQ(std::filesystem::status(file(".docker")).permissions(), perms::owner_all);
}

TEST_F(LoginCommand, WarnsOfAPasswordThatOthersCanSee) {
    start_with_password();
    const Output login = ecc({"login", registry_->host(), "-u", "user", "-p", "secret"});
    EXPECT_EQ(login.status, 0) << login.err;
    EXPECT_THAT(login.err, HasSubstr("use --password-stdin"));
    EXPECT_EQ(log_in_as("secret").err, "");
}

TEST_F(LoginCommand, LeavesTheRestOfTheFileAlone) {
    start_with_password();
    std::filesystem::create_directories(file(".docker"));
    write(".docker/config.json", as_bytes(R"({"auths":{"other.io":{"auth":"eDp5"}},"psFormat":"table"})"));
    ASSERT_EQ(log_in_as("secret").status, 0);
    auto document = nlohmann::json::parse(as_text(read(".docker/config.json")));
    EXPECT_EQ(document["psFormat"], "table");
    EXPECT_EQ(document["auths"]["other.io"]["auth"], "eDp5");
    EXPECT_EQ(document["auths"][registry_->host()]["auth"], right);
}

TEST_F(LoginCommand, KeepsNothingThatTheRegistryRefuses) {
    start_with_password();
    Output refused = log_in_as("wrong");
    EXPECT_EQ(refused.status, environment_fault);
    EXPECT_THAT(refused.err, HasSubstr("login denied"));
    EXPECT_THAT(refused.err, HasSubstr("try: check user and password"));
    EXPECT_FALSE(std::filesystem::exists(file(".docker/config.json")));
}

TEST_F(LoginCommand, IsForgottenByLogout) {
    start_with_password();
    ASSERT_EQ(log_in_as("secret").status, 0);
    EXPECT_EQ(ecc({"logout", registry_->host()}).status, 0);
    EXPECT_EQ(ecc({"push", "tool.wasm", ref("t/tool:1")}).status, environment_fault);
    EXPECT_THAT(ecc({"logout", registry_->host()}).err, HasSubstr("no login to forget"));
}

TEST_F(LoginCommand, NeedsATerminalOrAPassword) {
    start_with_password();
    EXPECT_EQ(ecc({"login", registry_->host()}).status, 2);
    EXPECT_EQ(ecc({"login", "-u", "user", "--password-stdin", registry_->host()}).status, 2) << "empty input";
    EXPECT_EQ(ecc({"login", "not/a/host"}).status, 2);
}

/// A keychain as docker-credential-helpers describes them, in a few lines of shell.
/// `ecc login` with a terminal of its own, up to the question for the password.
class PasswordPrompt : public Login {
protected:
    void SetUp() override {
        Login::SetUp();
        ASSERT_EQ(::openpty(&keyboard_, &terminal_, nullptr, nullptr, nullptr), 0);
        const Command command = here({ECC_BINARY_DIR "/bin/ecc", "login", "-u", "user", "127.0.0.1:1"});
        child_ = ::fork();
        if (child_ == 0)
            start(command);
        std::string shown;
        while (!shown.ends_with("token: ")) {
            pollfd screen{keyboard_, POLLIN, 0};
            ASSERT_EQ(::poll(&screen, 1, 10000), 1) << shown;
            char byte;
            ASSERT_EQ(::read(keyboard_, &byte, 1), 1) << shown;
            shown += byte;
        }
    }
    void TearDown() override {
        if (child_ > 0) {
            ::kill(child_, SIGKILL);
            ::waitpid(child_, nullptr, 0);
        }
        ::close(keyboard_);
        ::close(terminal_);
    }

    [[noreturn]] void start(const Command& command) const {
        std::vector<char*> words;
        for (const std::string& word : command)
            words.push_back(const_cast<char*>(word.c_str()));
        words.push_back(nullptr);
        ::login_tty(terminal_);
        ::execvp(words[0], words.data());
        ::_exit(127);
    }

    /// How the child ended.
    int end() {
        int status = 0;
        EXPECT_EQ(::waitpid(std::exchange(child_, -1), &status, 0) > 0, true);
        return status;
    }
    bool echoes() const {
        termios modes = {};
        EXPECT_EQ(::tcgetattr(terminal_, &modes), 0);
        return modes.c_lflag & ECHO;
    }

    int keyboard_ = -1, terminal_ = -1;
    pid_t child_ = -1;
};

TEST_F(PasswordPrompt, HidesWhatIsTyped) {
    EXPECT_FALSE(echoes());
    ASSERT_EQ(::write(keyboard_, "secret\n", 7), 7);
    EXPECT_TRUE(WIFEXITED(end()));
    EXPECT_TRUE(echoes());
}

TEST_F(PasswordPrompt, LeavesTheTerminalAsItWasWhenAKeyEndsIt) {
    ASSERT_EQ(::write(keyboard_, "se\x03", 3), 3);
    const int status = end();
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT) << status;
    EXPECT_TRUE(echoes());
}

TEST_F(PasswordPrompt, LeavesTheTerminalAsItWasWhenSomebodyEndsIt) {
    ::kill(child_, SIGTERM);
    const int status = end();
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM) << status;
    EXPECT_TRUE(echoes());
}

class Helper : public LoginCommand {
protected:
    void SetUp() override {
        LoginCommand::SetUp();
        make_helper(R"(#!/bin/sh
box=$HOME/box
case $1 in
store) cat >"$box" ;;
get) [ -s "$box" ] && cat "$box" || { echo "credentials not found in native keychain"; exit 1; } ;;
erase) rm "$box" ;;
esac
)");
        set("PATH", folder_.path().string() + ":/usr/bin:/bin");
    }

    void make_helper(std::string_view script) {
        write("docker-credential-box", as_bytes(script));
        std::filesystem::permissions(file("docker-credential-box"), std::filesystem::perms::owner_all);
    }

    void use_helper(const std::string& config) {
        std::filesystem::create_directories(file(".docker"));
        write(".docker/config.json", as_bytes(config));
    }
};

TEST_F(Helper, KeepsTheLoginInPlaceOfTheFile) {
    start_with_password();
    const std::string config = R"({"credsStore":"box"})";
    use_helper(config);
    Output login = log_in_as("secret");
    ASSERT_EQ(login.status, 0) << login.err;
    EXPECT_EQ(as_text(read(".docker/config.json")), config);
    EXPECT_THAT(std::string(as_text(read("box"))), HasSubstr(R"("Secret":"secret")"));
    EXPECT_EQ(ecc({"push", "tool.wasm", ref("t/tool:1")}).status, 0);
    EXPECT_EQ(ecc({"logout", registry_->host()}).status, 0);
    EXPECT_FALSE(std::filesystem::exists(file("box")));
}

TEST_F(Helper, MayBeForOneHostAlone) {
    start_with_password();
    use_helper(nlohmann::json{{"credHelpers", {{registry_->host(), "box"}}}}.dump());
    write("box", as_bytes(R"({"Username":"user","Secret":"secret"})"));
    EXPECT_EQ(ecc({"push", "tool.wasm", ref("t/tool:1")}).status, 0);
}

TEST_F(Helper, ThatFailsIsNotQuotedForItMayHaveSaidASecret) {
    start_with_password();
    use_helper(R"({"credsStore":"box"})");
    make_helper("#!/bin/sh\necho '{\"Username\":\"user\",\"Secret\":\"secret\"}'\necho locked >&2\nexit 5\n");
    Output refused = ecc({"push", "tool.wasm", ref("t/tool:1")});
    EXPECT_EQ(refused.status, environment_fault);
    EXPECT_THAT(refused.err, AllOf(HasSubstr("locked\n"),
                                   HasSubstr("docker-credential-box: failed: it ends with status 5"),
                                   HasSubstr("`docker-credential-box list`"), Not(HasSubstr("ecret\""))));
}

TEST_F(Helper, ThatSaysWhatAllHelpersSayIsQuoted) {
    start_with_password();
    use_helper(R"({"credsStore":"box"})");
    make_helper("#!/bin/sh\necho no credentials username\nexit 1\n");
    EXPECT_THAT(ecc({"push", "tool.wasm", ref("t/tool:1")}).err,
                HasSubstr("docker-credential-box: failed: no credentials username"));
}

TEST_F(Helper, MayLeaveAProcessBehindThatKeepsItsOutputOpen) {
    start_with_password();
    use_helper(R"({"credsStore":"box"})");
    make_helper("#!/bin/sh\nsleep 1000 2>/dev/null &\necho $! >\"$HOME/left\"\n"
                R"(echo '{"Username":"user","Secret":"secret"}')");
    EXPECT_EQ(ecc({"push", "tool.wasm", ref("t/tool:1")}).status, 0);
    EXPECT_EQ(::kill(std::stoi(std::string(as_text(read("left")))), SIGKILL), 0) << "it is still there";
}

TEST_F(Helper, ThatStaysIsKilledEvenIfItHasAnswered) {
    make_helper("#!/bin/sh\necho '{\"Secret\":\"secret\"}'\nexec >&-\nexec sleep 1000\n");
    const std::string path = std::getenv("PATH");
    ASSERT_EQ(::setenv("PATH", (folder_.path().string() + ":" + path).c_str(), 1), 0);
    const auto login = get_from_helper("box", "localhost", std::chrono::milliseconds(200));
    ::setenv("PATH", path.c_str(), 1);
    ASSERT_FALSE(login);
    EXPECT_THAT(login.error().what, HasSubstr("did not answer in time"));
}

TEST_F(Helper, IsAskedOnKernelsWithoutPidfdsToo) {
    make_helper("#!/bin/sh\nread host\necho '{\"Username\":\"user\",\"Secret\":\"secret\"}'\n");
    const std::string path = std::getenv("PATH");
    ASSERT_EQ(::setenv("PATH", (folder_.path().string() + ":" + path).c_str(), 1), 0);
    std::optional<Result<std::optional<HelperLogin>>> answer, late;
    std::jthread([&] {
        refuse_call(SYS_pidfd_open, ENOSYS); // of this thread and what it starts
        answer = get_from_helper("box", "localhost");
        make_helper("#!/bin/sh\nexec sleep 1000\n");
        late = get_from_helper("box", "localhost", std::chrono::milliseconds(200));
    }).join();
    ::setenv("PATH", path.c_str(), 1);
    ASSERT_TRUE(*answer) << answer->error().what;
    EXPECT_EQ((*answer)->value().secret, "secret");
    ASSERT_FALSE(*late);
    EXPECT_THAT(late->error().what, HasSubstr("did not answer in time"));
}

TEST_F(Helper, ThatIsMissingIsNamedWithItsFile) {
    start_with_password();
    use_helper(R"({"credsStore":"absent"})");
    const Output refused = ecc({"push", "tool.wasm", ref("t/tool:1")});
    EXPECT_EQ(refused.status, environment_fault);
    EXPECT_THAT(refused.err, HasSubstr("install docker-credential-absent, which " +
                                       file(".docker/config.json").string() + " names"));
    const Output login = log_in_as("secret");
    EXPECT_EQ(login.status, environment_fault);
    EXPECT_THAT(login.err, HasSubstr(file(".docker/config.json").string() +
                                     ": keeps logins with docker-credential-absent, which is not on PATH"));
}

TEST_F(Helper, IsAlwaysAProgramOfThatKind) {
    start_with_password();
    use_helper(R"({"credsStore":"../box"})");
    EXPECT_THAT(ecc({"push", "tool.wasm", ref("t/tool:1")}).err,
                HasSubstr("is not the name of a credential helper"));
}

class Certificate : public RegistryTest {
protected:
    void make_certificate() {
        Output made =
            run_here({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                      "-nodes", "-keyout", "key.pem", "-out", "cert.pem", "-days", "2", "-subj",
                      "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"});
        ASSERT_EQ(made.status, 0) << "openssl: " << made.err;
    }

    void start_with_certificate() {
        make_certificate();
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

TEST_F(Certificate, OfAnAuthorityThatAnOptionNamesIsAccepted) {
    start_with_certificate();
    EXPECT_EQ(ecc({"push", "--ca-file", "cert.pem", "tool.wasm", ref("t/tool:1")}).status, 0);
    EXPECT_EQ(ecc({"push", "--ca-file", "absent.pem", "tool.wasm", ref("t/tool:1")}).status,
              environment_fault);
}

TEST_F(Certificate, OfAnAuthorityInPodmansFolderIsAccepted) {
    start_with_certificate();
    const std::string folder = ".config/containers/certs.d/" + registry_->host();
    std::filesystem::create_directories(file(folder));
    std::filesystem::copy(file("cert.pem"), file(folder + "/ca.crt"));
    Output pushed = ecc({"push", "tool.wasm", ref("t/tool:1")});
    EXPECT_EQ(pushed.status, 0) << pushed.err;
}

TEST_F(Certificate, OfTheUserIsShownToARegistryThatWantsOne) {
    make_certificate();
    start_registry(
        {.certificate = file("cert.pem"), .key = file("key.pem"), .client_authority = file("cert.pem")});
    set("SSL_CERT_FILE", file("cert.pem"));
    EXPECT_EQ(ecc({"push", "tool.wasm", ref("t/tool:1")}).status, environment_fault);
    const std::string folder = ".config/containers/certs.d/" + registry_->host();
    std::filesystem::create_directories(file(folder));
    std::filesystem::copy(file("cert.pem"), file(folder + "/client.cert"));
    std::filesystem::copy(file("key.pem"), file(folder + "/client.key"));
    Output pushed = ecc({"push", "tool.wasm", ref("t/tool:1")});
    EXPECT_EQ(pushed.status, 0) << pushed.err;
}

TEST_F(Certificate, ComesWithHttp2WhereTheRegistryHasIt) {
    make_certificate();
    start_registry({.certificate = file("cert.pem"), .key = file("key.pem"), .notes_requests = true});
    set("SSL_CERT_FILE", file("cert.pem"));
    EXPECT_EQ(ecc({"push", "tool.wasm", ref("t/tool:1")}).status, 0);
    EXPECT_EQ(ecc({"pull", ref("t/tool:1")}).status, 0);
    EXPECT_THAT(registry_->requests(), AllOf(SizeIs(Ge(8u)), Each(EndsWith(" HTTP/2.0"))));
}

TEST_F(Certificate, MayBeIgnoredOnRequest) {
    start_with_certificate();
    EXPECT_EQ(ecc({"push", "--insecure", "tool.wasm", ref("t/tool:1")}).status, 0);
}

/// docker-registry itself sends whoever asks for a blob to where its storage is.
TEST_F(Certificate, IsNotGivenUpForARedirect) {
    HttpServer storage([&](const auto&) { return http_reply(200, "", std::string(as_text(package_))); });
    write("htpasswd", as_bytes(run_here({"htpasswd", "-nbB", "user", "secret"}).out));
    make_certificate();
    start_registry({.htpasswd = file("htpasswd"),
                    .certificate = file("cert.pem"),
                    .key = file("key.pem"),
                    .storage_url = "http://" + storage.host() + "/"});
    set("SSL_CERT_FILE", file("cert.pem"));
    ASSERT_EQ(ecc({"login", registry_->host(), "-u", "user", "-p", "secret"}).status, 0);
    ASSERT_EQ(ecc({"push", "tool.wasm", ref("t/tool:1")}).status, 0);
    for (const Command& more : {Command{}, Command{"--plain-http"}, Command{"--insecure"}}) {
        Command pull = {"pull", ref("t/tool:1"), "-o", "back.wasm"};
        pull.insert(pull.end(), more.begin(), more.end());
        const Output refused = ecc(pull);
        EXPECT_EQ(refused.status, environment_fault) << refused.err;
        EXPECT_FALSE(std::filesystem::exists(file("back.wasm")));
        if (!more.empty() && more[0] == "--plain-http")
            continue; // this registry does not answer without TLS
        EXPECT_THAT(refused.err, HasSubstr("redirects from https to http://"));
    }
    EXPECT_THAT(storage.requests(), testing::IsEmpty()) << "neither login nor question went there";
}

TEST_F(Certificate, IsWhatARegistryThatRedirectsToItsTlsSpeaksFor) {
    write("htpasswd", as_bytes(run_here({"htpasswd", "-nbB", "user", "secret"}).out));
    make_certificate();
    start_registry({.htpasswd = file("htpasswd"), .certificate = file("cert.pem"), .key = file("key.pem")});
    set("SSL_CERT_FILE", file("cert.pem"));
    for (int status : {301, 308}) {
        HttpServer front([&](const ServedRequest& request) {
            const bool asks = request.method == "HEAD"; // for a blob
            return asks && status == 301 ? http_reply(404, "", "")
                                         : http_reply(status,
                                                      fmt::format("Location: https://{}{}\r\n",
                                                                  registry_->host(), request.target),
                                                      "");
        });
        const std::string port = front.host().substr(front.host().rfind(':'));
        const Output refused = ecc({"push", "--plain-http", "tool.wasm", "localhost" + port + "/t/tool:1"});
        EXPECT_EQ(refused.status, environment_fault);
        EXPECT_THAT(refused.err,
                    AllOf(HasSubstr("redirects to https://" + registry_->host()),
                          HasSubstr("name it as " + registry_->host() + ", without --plain-http")));
    }
}

TEST_F(Certificate, ForAnotherHostIsRefused) {
    start_with_certificate();
    set("SSL_CERT_FILE", file("cert.pem"));
    const std::string port = registry_->host().substr(registry_->host().rfind(':'));
    EXPECT_EQ(ecc({"push", "tool.wasm", "127.0.0.1" + port + "/t/tool:1"}).status, environment_fault);
}

} // namespace
} // namespace ecc::test

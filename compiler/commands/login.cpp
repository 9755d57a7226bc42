// `ecc login HOST` and `ecc logout HOST`: logins that docker, podman and oras share.

#include "packager/oci/login.h"

#include "compiler/commands/registry_options.h"
#include "compiler/commands/secret_input.h"
#include "packager/json.h"
#include "packager/oci/auth_file.h"
#include "support/output.h"

#include <cstdlib>
#include <fmt/format.h>

namespace ecc {
namespace {

constexpr const char* login_explanation = R"(
Asks the registry whether it accepts the login, and keeps it where docker, podman and oras find it, too: in the credential helper
that the file of logins names, or in the file itself, which only you may read. Without -u and a password on standard input,
both are asked for.

  ecc login ghcr.io
  echo "$TOKEN" | ecc login ghcr.io -u me --password-stdin)";

constexpr const char* logout_explanation = R"(
Forgets the login, in every file and helper that has it.

  ecc logout ghcr.io)";

const char* variable(const char* name) {
    return std::getenv(name);
}

struct LoginArguments {
    std::string host;
    std::string user;
    std::string password;
    bool password_stdin = false;
    bool token_stdin = false;
    RegistryOptions registry;
};

Result<void> check_host(const std::string& host) {
    if (is_registry_host(host))
        return {};
    return usage_error(fmt::format("\"{}\" is not a host with a dot or a port, nor localhost", host),
                       "write HOST[:PORT], such as ghcr.io or localhost:5000");
}

Result<HelperLogin> ask(const LoginArguments& arguments) {
    if (arguments.token_stdin) {
        ECC_TRY(auto token, first_line_of_input());
        return HelperLogin{"<token>", std::move(token)};
    }
    HelperLogin login{arguments.user, arguments.password};
    if (login.user.empty()) {
        ECC_TRY(login.user, ask_on_terminal("User: ", Echo::on));
    }
    if (arguments.password_stdin) {
        ECC_TRY(login.secret, first_line_of_input());
    } else if (login.secret.empty()) {
        ECC_TRY(login.secret, ask_on_terminal("Password or token: ", Echo::off));
    }
    if (login.user.empty() || login.secret.empty() || login.user.find(':') != std::string::npos)
        return usage_error("a user without ':' and a password are needed");
    return login;
}

CommandResult run_login(const LoginArguments& arguments) {
    ECC_CHECK(check_host(arguments.host));
    ECC_TRY(auto login, ask(arguments));
    ECC_CHECK(check_login(arguments.host, login, arguments.registry.store));
    std::filesystem::path file = arguments.registry.store.registry_config;
    if (file.empty()) {
        ECC_TRY(file, login_file(variable, arguments.host));
    }
    ECC_CHECK(store_login(file, arguments.host, login));
    if (arguments.registry.json)
        print_to(stdout, "{}\n", json_text({{"host", arguments.host}, {"file", file.string()}}));
    else
        print_to(stdout, "logged in to {}; kept by way of {}\n", arguments.host, file.string());
    return 0;
}

struct LogoutArguments {
    std::string host;
    bool json = false;
    std::filesystem::path file;
};

CommandResult run_logout(const LogoutArguments& arguments) {
    ECC_CHECK(check_host(arguments.host));
    std::vector<std::filesystem::path> files = {arguments.file};
    if (arguments.file.empty())
        files = credential_files(variable);
    std::vector<std::string> changed;
    for (const auto& file : files) {
        ECC_TRY(bool erased, erase_login(file, arguments.host));
        if (erased)
            changed.push_back(file.string());
    }
    if (changed.empty())
        return environment_error(arguments.host, "there is no login to forget");
    if (arguments.json)
        print_to(stdout, "{}\n", json_text({{"host", arguments.host}, {"files", changed}}));
    else
        print_to(stdout, "logged out of {}\n", arguments.host);
    return 0;
}

} // namespace

CommandBody define_login(CLI::App& app, const Diagnostics& diagnostics) {
    auto arguments = std::make_shared<LoginArguments>();
    app.add_option("HOST", arguments->host, "HOST[:PORT] of the registry; docker.io is Docker Hub")
        ->required();
    app.add_option("-u,--username", arguments->user, "the user")->type_name("NAME");
    auto* password = app.add_option("-p,--password", arguments->password,
                                    "the password or token; others can see it among the processes")
                         ->type_name("PASSWORD");
    auto* from_stdin =
        app.add_flag("--password-stdin", arguments->password_stdin, "read it from standard input");
    app.add_flag("--identity-token-stdin", arguments->token_stdin,
                 "read an identity (refresh) token from standard input, in place of user and password")
        ->excludes(password)
        ->excludes(from_stdin);
    password->excludes(from_stdin);
    add_registry_options(app, arguments->registry, diagnostics);
    app.footer(login_explanation);
    return [arguments, &diagnostics] {
        if (!arguments->password.empty())
            diagnostics.warning("--password",
                                "other users can see it among the processes, and it stays in the "
                                "shell's history; use --password-stdin");
        return run_login(*arguments);
    };
}

CommandBody define_logout(CLI::App& app, const Diagnostics&) {
    auto arguments = std::make_shared<LogoutArguments>();
    app.add_option("HOST", arguments->host, "HOST[:PORT] of the registry")->required();
    app.add_flag("--json", arguments->json, "print JSON");
    app.add_option("--registry-config", arguments->file, "the file with logins, instead of the usual ones")
        ->type_name("FILE");
    app.footer(logout_explanation);
    return [arguments] { return run_logout(*arguments); };
}

} // namespace ecc

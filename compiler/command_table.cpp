#include "compiler/commands/command.h"

#include <array>

namespace ecc {
namespace {

constexpr std::array commands = {
    Command{"build", "compile BPF C and a user part into one .wasm package (the default)", define_build},
    Command{"gen", "print a skeleton, types, vmlinux.h or a DaemonSet", define_gen},
    Command{"inspect", "show what is inside a package", define_inspect},
    Command{"run", "run a package with ecc-run", define_run, run_failure_status},
    Command{"push", "store a package in a registry, layout or archive", define_push},
    Command{"pull", "fetch a package from a registry, layout or archive", define_pull},
    Command{"cp", "copy an artifact or image between registries, layouts and archives", define_cp},
    Command{"resolve", "print the digest behind a tag", define_resolve},
    Command{"tag", "let more tags name an artifact", define_tag},
    Command{"tags", "list the tags of a repository", define_tags},
    Command{"attach", "store documents beside an artifact", define_attach},
    Command{"discover", "show what refers to an artifact", define_discover},
    Command{"sign", "sign an artifact, as cosign does", define_sign},
    Command{"verify", "check the signature of an artifact", define_verify},
    Command{"attest", "sign statements about an artifact: what it was made from, and how", define_attest},
    Command{"manifest", "fetch, push or delete manifests, make indexes", define_manifest},
    Command{"blob", "fetch, push or delete content by its digest", define_blob},
    Command{"delete", "delete an artifact and its tags", define_delete},
    Command{"completion", "print what lets a shell complete ecc's command lines", define_completion},
    Command{"login", "log in to a registry", define_login},
    Command{"logout", "forget a login", define_logout},
};

} // namespace

std::span<const Command> all_commands() {
    return commands;
}

} // namespace ecc

//! The command line of Qiyue; everything it does stands in `cli`.

fn main() -> std::process::ExitCode {
    qiyue::cli::main()
}

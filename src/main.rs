//! The command line of Qiyue; everything it does stands in `cli`.

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> std::process::ExitCode {
    qiyue::cli::main()
}

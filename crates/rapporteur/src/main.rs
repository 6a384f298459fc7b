//! The command line: a thin layer that opens a workspace, asks one question, and prints the answer.
//!
//! **Must never** hold rules of the domain. Data goes to standard output, everything else to standard error.
#![forbid(unsafe_code)]

mod arguments;
mod command;
mod failure;
mod open;
mod text;

use std::process::ExitCode;

use clap::Parser;

use crate::arguments::{Arguments, Command};
use crate::failure::Failure;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are answers; anything else is wrong use.
            let code = if error.use_stderr() { 2 } else { 0 };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_target(false)
        .with_max_level(tracing::Level::WARN)
        .init();
    match run(&arguments) {
        Ok(code) => code,
        Err(failure) => {
            let code = failure.code();
            eprintln!("{:?}", miette::Report::new(failure));
            ExitCode::from(code)
        }
    }
}

fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let common = &arguments.common;
    match &arguments.command {
        Command::Demo(demo) => command::demo::run(common, demo),
        Command::Init(init) => command::init::run(common, init),
        Command::Recover => command::init::recover(common),
        Command::Serve(serve) => command::serve::run(common, serve),
        Command::Doctor => command::doctor::run(common),
        Command::Verify => command::verify::run(common),
        Command::Add(add) => command::add::run(common, add),
        Command::Propose(asked) => command::propose::run(common, asked),
        Command::Import(import) => command::lists::import(common, import),
        Command::Export(export) => command::casefile::export(common, export),
        Command::Search(search) => command::search::run(common, search),
        Command::Show(asked) => command::show::run(common, asked),
        Command::Claims(asked) => command::claims::run(common, asked),
        Command::History(asked) => command::claims::history(common, asked),
        Command::Erase(erase) => command::erase::run(common, erase),
        Command::Reread(asked) => command::custody::reread(common, asked),
        Command::Withdraw(withdraw) => command::custody::withdraw(common, withdraw),
        Command::Custody(custody) => command::custody::run(common, custody),
        Command::Original(original) => command::custody::original(common, original),
        Command::Timestamp(timestamp) => command::timestamp::run(common, timestamp),
        Command::Convert => Ok(::text::serve_child_with(lists::extract)),
        Command::Account(account) => command::account::run(common, account),
        Command::Link(link) => command::link::run(common, link),
        Command::Judge(judge) => command::judge::run(common, judge),
        Command::Estimate(estimate) => command::estimate::run(common, estimate),
        Command::Figure(figure) => command::figure::run(common, figure),
        Command::Publish(publish) => command::publish::run(common, publish),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_arguments_hold_together() {
        crate::arguments::Arguments::command().debug_assert();
    }
}

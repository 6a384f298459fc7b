#[derive(Debug)] pub struct Error; impl std::fmt::Display for Error { fn fmt(&self, f:&mut std::fmt::Formatter<'_>)->std::fmt::Result { f.write_str("x") } }
pub struct Item { pub entity: schema::EntityId }
pub struct Figure { pub title: String, pub items: Vec<Item> }
impl Figure { pub fn words(&self)->String { String::new() } }
pub struct Definition;
pub fn load(_: &ledger::Reader<'_>, _: &str)->Result<Definition,Error>{Err(Error)}
pub fn compute(_: &ledger::Reader<'_>, _: &Definition)->Result<Figure,Error>{Err(Error)}

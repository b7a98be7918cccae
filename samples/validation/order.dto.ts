import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsDefined,
  IsEmail,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

export class Address {
  @IsString()
  @IsNotEmpty()
  street!: string;

  @Matches(/^\d{5}$/, { message: 'postcode must have five digits' })
  postcode!: string;

  @IsIn(['DE', 'FR', 'IT'])
  country!: string;
}

export class Item {
  @Matches(/^[A-Z]{3}-\d{3}$/, { message: 'article must look like ABC-123' })
  article!: string;

  @IsInt()
  @Min(1)
  @Max(99)
  quantity!: number;
}

/** The event `order`. Nested objects are checked only where `@ValidateNested()` and `@Type()` say so. */
export class Order {
  @IsEmail()
  email!: string;

  // class-validator takes a nested object that is missing for a valid one.
  @IsDefined()
  @ValidateNested()
  @Type(() => Address)
  address!: Address;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => Item)
  items!: Item[];

  @IsOptional()
  @IsArray()
  @IsString({ each: true })
  @MaxLength(20, { each: true })
  notes?: string[];
}
